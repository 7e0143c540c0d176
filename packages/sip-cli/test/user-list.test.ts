import { describe, expect, it } from 'vitest'
import { parseUser, parseUserFile } from '../src/serve/user-list.js'

describe('users', () => {
  it('come one a line, with comments, and passwords may hold colons', () => {
    const users = parseUserFile('# people\nalice:secret\r\n\nbob:a:b c\n', 'users.txt')
    expect([...users]).toEqual([['alice', 'secret'], ['bob', 'a:b c']])
  })

  it.each([
    ['alice', 'users.txt line 1 takes name:password'],
    [':secret', 'line 1 takes name:password'],
    ['alice:', 'line 1 takes name:password'],
    ['a b:secret', 'has characters that no SIP user may have'],
    ['alice:1\nalice:2', 'line 2: "alice" is there twice'],
  ])('%j is refused with its line', (text, message) => {
    expect(() => parseUserFile(text, 'users.txt')).toThrow(message)
  })

  it('come by --auth, too', () => {
    expect(parseUser('alice:secret', '--auth')).toEqual(['alice', 'secret'])
  })
})

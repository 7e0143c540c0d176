import { expect, it } from 'vitest'
import { NameAddr, parseNameAddr, parseUri } from '../src/index.js'

it('tells values apart by what they print', () => {
  const [one, same, other] = ['<sip:a@h>;tag=1', '<sip:a@h>;tag=1', '<sip:a@h>;tag=2'].map((text) => parseNameAddr(text))
  expect(one).toEqual(same)
  expect(one).not.toEqual(other)
  expect(parseUri('sip:a@h')).not.toEqual(parseUri('sip:b@h'))
  expect(one?.ok === true && one.value).toBeInstanceOf(NameAddr)
})

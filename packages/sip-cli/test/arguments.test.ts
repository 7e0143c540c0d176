import { describe, expect, it } from 'vitest'
import { Arguments } from '../src/command-line/arguments.js'
import type { OptionTable } from '../src/command-line/arguments.js'
import { parseHostPort, parseListenAddress } from '../src/command-line/socket-address.js'

const table: OptionTable = {
  listen: { value: '<transport:host:port>', repeatable: true, text: 'where' },
  duration: { value: '<seconds>', text: 'how long' },
  json: { text: 'for programs' },
}

describe('Arguments', () => {
  it('reads flags, values, repeated values and words in any order', () => {
    const args = Arguments.parse(table, ['sip:bob@example.com', '--listen', 'udp:127.0.0.1:0', '--json', '--duration=2.5', '--listen', 'tcp:[::1]:0'])
    expect(args.flag('json')).toBe(true)
    expect(args.texts('listen')).toEqual(['udp:127.0.0.1:0', 'tcp:[::1]:0'])
    expect(args.number('duration', 'seconds', 0, 10)).toBe(2.5)
    expect(args.text('nothing')).toBeUndefined()
    expect(args.exactly('<uri>')).toEqual(['sip:bob@example.com'])
  })

  it.each([
    [['--lisen', 'x'], 'there is no option --lisen; did you mean --listen?'],
    [['--wrong'], 'there is no option --wrong'],
    [['--duration'], '--duration needs its <seconds>'],
    [['--json=yes'], '--json takes no value'],
    [['-x'], 'there is no option -x'],
  ])('says in one line what is wrong with %j', (words, message) => {
    expect(() => Arguments.parse(table, words)).toThrow(message)
  })

  it.each(['-1', 'ten', '1e3', '11', ''])('refuses %j where a number from 0 to 10 belongs', (text) => {
    const args = Arguments.parse(table, [`--duration=${text}`])
    expect(() => args.number('duration', 'seconds', 0, 10)).toThrow(`--duration takes seconds from 0 to 10, not "${text}"`)
  })

  it('wants as many words as the command has', () => {
    expect(() => Arguments.parse(table, []).exactly('<uri>')).toThrow('<uri> is missing')
    expect(() => Arguments.parse(table, ['a', 'b', 'c']).exactly('<uri>', '<text>')).toThrow('"c" is one word too many; quote a <text> that has spaces')
  })
})

describe('parseListenAddress', () => {
  it.each([
    ['udp:127.0.0.1:5070', { transport: 'UDP', host: '127.0.0.1', port: 5070 }],
    ['tcp:[::1]:5060', { transport: 'TCP', host: '::1', port: 5060 }],
    ['TLS:example.com', { transport: 'TLS', host: 'example.com', port: 5061 }],
    ['ws:9000', { transport: 'WS', host: '127.0.0.1', port: 9000 }],
    ['udp:[::]', { transport: 'UDP', host: '::', port: 5060 }],
    ['wss:localhost:0', { transport: 'WSS', host: 'localhost', port: 0 }],
  ])('reads %s', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address)
  })

  it.each(['127.0.0.1:5060', 'sctp:127.0.0.1', 'udp:', 'udp:::1:5060', 'udp:127.0.0.1:99999', 'udp:a b', 'udp:user@host', ''])('refuses %j', (text) => {
    expect(() => parseListenAddress(text)).toThrow(/--listen/)
  })

  it('reads a port, a host, or both', () => {
    expect(parseHostPort('8081', '127.0.0.1', 8080, '--http')).toEqual({ host: '127.0.0.1', port: 8081 })
    expect(parseHostPort('[::]', '127.0.0.1', 8080, '--http')).toEqual({ host: '::', port: 8080 })
  })
})

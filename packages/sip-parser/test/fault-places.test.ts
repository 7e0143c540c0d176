import { describe, expect, it } from 'vitest'
import { parseMessage, parseNameAddrs, parseUri, parseVia } from '../src/index.js'
import { optionsWith, parsed } from './samples.js'

/** Where a fault of a message is told, as the text from there on. */
function faultOf(text: string): unknown {
  const result = parseMessage(text)
  return result.ok ? 'none' : [result.error.code, text.slice(result.error.offset).split('\r\n')[0]]
}

describe('RFC 3261 §7.3.1 names of header fields', () => {
  it.each(['From', 'Call-ID', 'X-Other', 'v'])('%s without its colon is no header field', (name) => {
    expect(faultOf(optionsWith([name]))).toEqual(['header-line', '\n'])
    expect(faultOf(optionsWith([`${name}\r\n\tfolded: x`]))).toEqual(['header-line', '\n\tfolded: x'])
  })
  it.each(['Subject : x', 'sUBJECT: x', 's: x', 'S \t: x'])('%s is a Subject', (line) => {
    expect(parsed(optionsWith([line])).headers.get('Subject')).toBe('x')
  })
  it('a carriage return is no small hyphen: names differ in letters only', () => {
    expect(faultOf(optionsWith(['Call\rID: x']))).toEqual(['control-character', '\rID: x'])
  })
  it('a name as long as a known one, with its letters at the places looked at, is another', () => {
    const { headers } = parsed(optionsWith(['Suxjxxt: 1', 'Subject: 2']))
    expect([headers.get('Subject'), headers.get('suxjxxt'), headers.count('Subject')]).toEqual(['2', '1', 1])
  })
})

describe('where a fault in a value is told', () => {
  it.each([
    ['an open quote, also of a single value', parseNameAddrs('"Alice <sip:a@b>'), 'header-value', 0],
    ['an open quote behind a comma', parseNameAddrs('<sip:a@b>, "Alice <sip:a@b>'), 'header-value', 11],
    ['a port too high', parseUri('sip:a@b:70000'), 'uri', 8],
    ['what stands in the place of a port', parseUri('sip:a@b/5060'), 'uri', 7],
    ['more behind the host of a Via', parseVia('SIP/2.0/UDP a b;branch=x'), 'header-value', 14],
  ])('%s', (_, result, code, offset) => {
    expect(result).toMatchObject({ ok: false, error: { code, offset } })
  })
})

describe('lists', () => {
  it('commas in quotes and in brackets separate nothing, others do', () => {
    const { contacts, supported, headers } = parsed(optionsWith(['Contact: "a, b" <sip:a@b>, <sip:c,d@e>,,', 'Supported: a,, b ,', 'Supported:', 'Supported: c', 'Allow: "x,y"']))
    expect([String(contacts), supported, headers.count('Supported')]).toEqual(['"a, b" <sip:a@b>,<sip:c,d@e>', ['a', 'b', 'c'], 3])
    expect(parsed(optionsWith(['Allow: A, B'])).allow).toEqual(['A', 'B'])
  })
})

describe('a SIP URI cut out by its places', () => {
  it.each([
    ['sip:a:b:c@h:5060;x?y', { user: 'a', password: 'b:c', host: 'h', port: 5060, headers: 'y' }],
    ['sip:a;b:c@h', { user: 'a;b', password: 'c', host: 'h' }],
    ['sips:h?a;b=1', { user: undefined, password: undefined, host: 'h', headers: 'a;b=1' }],
  ])('%s', (text, parts) => {
    const result = parseUri(text)
    expect(result).toMatchObject({ ok: true, value: parts })
    expect(result.ok && result.value.toString()).toBe(text)
  })
})

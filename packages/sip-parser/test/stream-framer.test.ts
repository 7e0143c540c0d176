import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FramedItem, parseMessage, StreamFramer } from '../src/index.js'
import { bytesOf, optionsWith, textOf } from './samples.js'

const framed = (chunks: Iterable<Uint8Array>, framer = new StreamFramer()): FramedItem[] => [...chunks].flatMap((chunk) => framer.push(chunk))
const messagesOf = (items: readonly FramedItem[]): string[] => items.flatMap((item) => (item.type === 'message' ? [textOf(item.bytes)] : []))
const typesOf = (items: readonly FramedItem[]): string => items.map((item) => item.type).join(' ')
const errorOf = (items: readonly FramedItem[]): Extract<FramedItem, { type: 'error' }>['error'] => {
  const item = items.at(-1)
  if (item?.type !== 'error') throw new TypeError(`no error in ${typesOf(items)}`)
  return item.error
}
const whole = (body: string, subject = 'x'): string => optionsWith([`Subject: ${subject}`, `l: ${bytesOf(body).length}`], undefined, body)

describe('RFC 3261 §18.3 framing', () => {
  it('cuts at Content-Length, whatever is in the body', () => {
    const texts = [whole('a\r\n\r\nOPTIONS sip:x SIP/2.0\r\n\r\n'), whole(''), whole('größer')]
    expect(messagesOf(framed([bytesOf(texts.join(''))]))).toEqual(texts)
  })
  it('without Content-Length there is no body', () => {
    expect(messagesOf(framed([bytesOf(optionsWith() + whole('x'))]))).toEqual([optionsWith(), whole('x')])
  })
  it('RFC 5626 §3.5.1: pings and pongs between messages', () => {
    expect(typesOf(framed([bytesOf(`\r\n\r\n${whole('a')}\r\n${whole('b')}\r\n\r\n\r\n`)]))).toBe('ping message pong message ping pong')
  })
  it('a CRLF that comes alone is a pong, every time', () => {
    const framer = new StreamFramer()
    for (let i = 0; i < 4; i++) expect(framer.push(bytesOf('\r\n')).map((item) => item.type)).toContain('pong')
  })
  it('a ping cut in half is a ping', () => {
    for (const at of [1, 2, 3]) expect(typesOf(framed([bytesOf('\r\n\r\n'.slice(0, at)), bytesOf('\r\n\r\n'.slice(at))]))).toContain('ping')
    expect(typesOf(framed([bytesOf('\r\n'), bytesOf(whole('a')), bytesOf('\r\n')]))).toBe('pong message pong')
  })
  it('bare LF ends lines here as in parseMessage', () => {
    const text = whole('ab').replaceAll('\r\n', '\n')
    expect(messagesOf(framed([bytesOf(text + whole('c'))]))).toEqual([text, whole('c')])
    expect(typesOf(framed([bytesOf(`\n\n${whole('a')}`)]))).toBe('message')
  })
  it('holds what is not whole yet, and no more', () => {
    const framer = new StreamFramer()
    const text = whole('abc')
    expect(framer.push(bytesOf(text.slice(0, -1)))).toEqual([])
    expect(framer.buffered).toBe(text.length - 1)
    expect(messagesOf(framer.push(bytesOf('c')))).toEqual([text])
    expect(framer.buffered).toBe(0)
  })
  it('keeps no reference to what was pushed', () => {
    const framer = new StreamFramer()
    const bytes = Buffer.from(whole('abc') + whole('def').slice(0, 50))
    const items = framer.push(bytes)
    bytes.fill(0)
    expect(messagesOf([...items, ...framer.push(Buffer.from(whole('def').slice(50)))])).toEqual([whole('abc'), whole('def')])
  })
  it('any chunks give the same messages and the same pings', () => {
    const pieces = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }).map((body) => whole(body)), fc.constantFrom('\r\n\r\n', whole('\r\n\r\n'), optionsWith())), { minLength: 1, maxLength: 8 })
    fc.assert(fc.property(pieces, fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 60 }), (texts, sizes) => {
      const bytes = bytesOf(texts.join(''))
      const chunks: Uint8Array[] = []
      let at = 0
      for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)))
      chunks.push(bytes.subarray(at))
      const once = framed([bytes])
      const cut = framed(chunks)
      expect(messagesOf(cut)).toEqual(messagesOf(once))
      expect(messagesOf(once)).toEqual(texts.filter((text) => text !== '\r\n\r\n'))
      // A cut may leave a pong before its ping, never lose one.
      expect(typesOf(cut).replaceAll('pong ', '')).toContain(typesOf(once).replaceAll('pong ', ''))
      for (const item of cut) if (item.type === 'message') expect(parseMessage(item.bytes, { framing: 'stream' }).ok).toBe(true)
    }), { numRuns: 100 })
  }, 60_000)
  it('byte by byte', () => {
    const text = `${whole('abc')}\r\n\r\n${whole('x')}`
    const items = framed(Array.from(bytesOf(text), (byte) => Uint8Array.of(byte)))
    expect(messagesOf(items)).toEqual([whole('abc'), whole('x')])
  })
})

describe('a stream whose framing is lost', () => {
  it.each([
    ['Content-Length: 10, 20', 'content-length'], ['Content-Length: +5', 'content-length'], ['Content-Length: -1', 'content-length'], ['Content-Length: 5 5', 'content-length'], ['Content-Length: 0x5', 'content-length'], ['Content-Length:', 'content-length'],
    ['Content-Length: 5\r\nl: 5', 'duplicate-header'], ['Content-Length: 4294967296', 'too-large'], ['Content-Length: 4294967301', 'too-large'], ['Content-Length: 99999999999999999999999', 'too-large'],
    ['Content-Length: 5\r\nX\r\n', 'header-line'], ['X: a\rb', 'control-character'],
  ])('%s: an error that can be answered, then silence', (line, code) => {
    const framer = new StreamFramer()
    const items = framer.push(bytesOf(whole('') + optionsWith([line], undefined, 'abcde')))
    expect(typesOf(items)).toBe('message error')
    expect(errorOf(items)).toMatchObject({ code })
    if (code !== 'control-character') expect(errorOf(items).request?.callId).toBe('a84b4c76e66710@pc33.atlanta.com')
    expect(framer.push(bytesOf(whole('')))).toEqual([])
    expect(framer.buffered).toBe(0)
  })
  it('CVE-2026-58268: 4 GiB announced, nothing allocated', () => {
    const before = process.memoryUsage()
    for (let i = 0; i < 200; i++) {
      const framer = new StreamFramer({ maxBodyBytes: 2 ** 40, maxMessageBytes: 2 ** 41 })
      expect(framer.push(bytesOf(optionsWith(['Content-Length: 4294967296'], undefined, 'abc')))).toEqual([])
      expect(framer.buffered).toBeLessThan(500)
    }
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(50_000_000)
  })
  it('a header section without end', () => {
    const framer = new StreamFramer({ maxHeaderBytes: 10_000 })
    const chunk = bytesOf(`X: ${'a'.repeat(95)}\r\n`)
    let items: FramedItem[] = framer.push(bytesOf('OPTIONS sip:a@b SIP/2.0\r\n'))
    for (let i = 0; i < 200 && items.length === 0; i++) items = framer.push(chunk)
    expect(errorOf(items)).toMatchObject({ code: 'too-large', statusCode: 513 })
  })
  it('a line without end', () => {
    expect(errorOf(framed([new Uint8Array(70_000).fill(97)])).code).toBe('too-large')
  })
  it('a CR without LF between messages', () => {
    expect(errorOf(framed([bytesOf('\rx')])).code).toBe('control-character')
  })
})

import { describe, expect, it } from 'vitest'
import { ParseError, parseMessage, parseNameAddr, parseNameAddrs, parseUri, parseVia, serializeMessage, StreamFramer } from '../src/index.js'
import { growth } from './growth.js'
import { bytesOf, optionsWith, typedFields, valueOf } from './samples.js'

const limits = { maxMessageBytes: 1e9, maxHeaderBytes: 1e9, maxHeaderFields: 1e9, maxBodyBytes: 1e9 }
const timeout = 120_000

/** Reads everything there is to read, so that nothing hides behind laziness. */
function readAll(bytes: Uint8Array): void {
  const result = parseMessage(bytes, { limits })
  if (!result.ok) return
  const message = result.value
  for (const accessor of ['vias', 'contacts', 'route', 'recordRoute', 'allow', 'expires', ...typedFields] as const) {
    try {
      const value = valueOf(message, accessor)
      if (Array.isArray(value)) value.forEach(String)
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
    }
  }
  for (const [, value] of message.headers) value.charAt(0)
  message.from.parameters.get('none')
  serializeMessage(message)
}

describe('twice the size takes about twice the time', () => {
  const shapes: Readonly<Record<string, (size: number) => string>> = {
    'many fields': (size) => optionsWith(Array.from({ length: size / 20 }, (_, i) => `X-Field-${i}: value`)),
    'many Vias': (size) => optionsWith(Array.from({ length: size / 40 }, () => 'Via: SIP/2.0/UDP host.example;branch=z9hG4bK1')),
    'many Vias in one field': (size) => optionsWith([`Via: ${Array.from({ length: size / 40 }, () => 'SIP/2.0/UDP host.example;branch=z9hG4bK1').join(',')}`]),
    'many Contacts': (size) => optionsWith([`Contact: ${Array.from({ length: size / 20 }, () => '"a" <sip:a@b>;q=1').join(',')}`]),
    'commas only': (size) => optionsWith([`Contact: ${','.repeat(size)}`]),
    'many parameters': (size) => optionsWith([`From: <sip:a@b>${';a'.repeat(size / 2)}`]),
    'many quoted parameters': (size) => optionsWith([`From: <sip:a@b>${';a="b"'.repeat(size / 6)}`]),
    'semicolons only': (size) => optionsWith([`From: <sip:a@b>${';'.repeat(size)}`]),
    'an open quote at the end': (size) => optionsWith([`From: <sip:a@b>${';a'.repeat(size / 2)};b="`]),
    'backslashes': (size) => optionsWith([`From: "${'\\\\'.repeat(size / 2)}" <sip:a@b>`]),
    'folds': (size) => optionsWith([`Subject: x${'\r\n y'.repeat(size / 4)}`]),
    'blank folds': (size) => optionsWith([`Subject: x${'\r\n '.repeat(size / 3)}y`]),
    'blanks': (size) => optionsWith([`Subject:${' '.repeat(size)}x`, `To: <sip:a@b>${' '.repeat(size)}`]),
    'bare line feeds': (size) => optionsWith(Array.from({ length: size / 10 }, () => 'X-Y: z')).replaceAll('\r\n', '\n'),
    'colons in a URI': (size) => optionsWith([], `OPTIONS sip:a${':'.repeat(size)}@b SIP/2.0`),
    'marks in a URI': (size) => optionsWith([], `OPTIONS sip:a${';?'.repeat(size / 2)}@b SIP/2.0`),
    'escapes': (size) => optionsWith([], `OPTIONS sip:${'%41'.repeat(size / 3)}@b SIP/2.0`),
    'a challenge': (size) => optionsWith([`WWW-Authenticate: Digest ${'a="b", '.repeat(size / 7)}`]),
    'lines without colon, to be passed over for a 400': (size) => optionsWith(Array.from({ length: size / 4 }, () => 'ab')),
    'line ends only': (size) => '\r\n'.repeat(size / 2),
    'no line end': (size) => 'a'.repeat(size),
    'NUL behind backslashes': (size) => optionsWith([`Subject: ${'\\\0'.repeat(size / 2)}`]),
    'non-ASCII': (size) => optionsWith(Array.from({ length: size / 20 }, (_, i) => `X-Field-${i}: größe`)),
  }
  for (const [name, shape] of Object.entries(shapes)) {
    it(name, () => {
      expect(growth((size) => {
        const bytes = bytesOf(shape(size))
        return () => readAll(bytes)
      }, 60_000)).toBeLessThanOrEqual(2.3)
    }, timeout)
  }
  it('values read alone', () => {
    for (const read of [parseNameAddr, parseNameAddrs, parseUri, parseVia]) {
      for (const unit of ['<', '"', '\\', 'sip:', ';', ',', '@', ' ', 'SIP/2.0/UDP ', '[', '%']) {
        const ratio = growth((size) => {
          const text = unit.repeat(size / unit.length)
          return () => read(text)
        }, 200_000)
        expect(ratio, `${read.name} ${unit}`).toBeLessThanOrEqual(2.3)
      }
    }
  }, timeout)
  it('a stream that comes in small pieces', () => {
    expect(growth((size) => {
      const bytes = bytesOf(`OPTIONS sip:a@b SIP/2.0\r\n${'X-Long: abcdefgh\r\n'.repeat(size / 18)}`)
      return () => {
        const framer = new StreamFramer(limits)
        for (let at = 0; at < bytes.length; at += 7) framer.push(bytes.subarray(at, at + 7))
      }
    }, 120_000)).toBeLessThanOrEqual(2.3)
  }, timeout)
})

import type { Reader } from './attempt.js'
import { isToken, trimBlanks } from './characters.js'
import { ParseError } from './errors.js'
import { indexFields } from './field-index.js'
import { HeaderFields } from './header-fields.js'
import { CALL_ID, CSEQ, FROM, singletonBit, TO, VIA } from './header-names.js'
import { defaultLimits } from './limits.js'
import type { Source } from './octets.js'
import { findComma } from './quoting.js'
import { SipRequest } from './request.js'
import { AbsoluteUri } from './values/absolute-uri.js'
import { Via } from './values/via.js'

// What follows the topmost value may be broken, it is not needed to find the way back.
const readTopVia: Reader<readonly Via[]> = (source, start, end) => [Via.read(source, start, trimBlanks(source.bytes, start, findComma(source.bytes, start, end)))]

/**
 * What a 400 needs of a request that could not be read (RFC 3261 §8.2.6): its fields as text, of those that may stand once the first.
 * undefined for a response, an ACK, and when From, To, Call-ID, CSeq or a readable topmost Via is missing.
 */
export function salvageRequest(source: Source): SipRequest | undefined {
  const { text } = source
  let start = 0
  while (source.bytes[start] === 13 || source.bytes[start] === 10) start++
  const feed = text.indexOf('\n', start)
  const line = text.slice(start, feed)
  const space = line.indexOf(' ')
  const method = line.slice(0, Math.max(0, space))
  if (feed < 0 || !isToken(method) || method === 'ACK') return undefined
  try {
    const index = indexFields(source, feed + 1, defaultLimits, true)
    if ([FROM, TO, CALL_ID, CSEQ].some((number) => (index.seen & singletonBit(number)) === 0)) return undefined
    const headers = HeaderFields.of(index.fields, index.bareLineFeed >= 0, source.ascii)
    const request = new SipRequest(method, AbsoluteUri.unreadable(line.slice(space + 1)), { headers, bytes: new Uint8Array(0), start: 0, end: 0, diagnostics: [] })
    return headers.first(VIA, readTopVia) && request
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

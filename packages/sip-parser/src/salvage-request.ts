import { isToken } from './characters.js'
import { BuildError, ParseError } from './errors.js'
import { indexFields } from './field-index.js'
import { HeaderFields } from './header-fields.js'
import { CALL_ID, CSEQ, FROM, singletonBit, TO } from './header-names.js'
import { defaultLimits } from './limits.js'
import type { Source } from './octets.js'
import { SipRequest } from './request.js'
import { AbsoluteUri } from './values/absolute-uri.js'

/**
 * What a 400 needs of a request that could not be read (RFC 3261 §8.2.6): its fields as text, of those that may stand once the first.
 * undefined for a response, an ACK, and when From, To, Call-ID, CSeq or a readable topmost Via is missing.
 */
export function salvageRequest(source: Source): SipRequest | undefined {
  const { text } = source
  const start = text.length - text.trimStart().length
  const feed = text.indexOf('\n', start)
  const line = text.slice(start, feed)
  const space = line.indexOf(' ')
  const method = line.slice(0, Math.max(0, space))
  if (feed < 0 || !isToken(method) || method === 'ACK') return undefined
  try {
    const index = indexFields(source, feed + 1, defaultLimits, true)
    if ([FROM, TO, CALL_ID, CSEQ].some((number) => (index.seen & singletonBit(number)) === 0)) return undefined
    const headers = HeaderFields.of(index.fields, index.bareLineFeed >= 0)
    const request = new SipRequest(method, AbsoluteUri.unreadable(line.slice(space + 1)), { headers, bytes: new Uint8Array(0), start: 0, end: 0, diagnostics: [] })
    return request.via.host === '' ? undefined : request
  } catch (error) {
    if (error instanceof ParseError || error instanceof BuildError) return undefined
    throw error
  }
}

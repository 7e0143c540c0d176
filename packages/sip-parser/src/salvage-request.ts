import { isToken } from './characters.js'
import { ParseError } from './errors.js'
import { indexFields } from './field-index.js'
import { HeaderFields } from './header-fields.js'
import { VIA } from './header-names.js'
import { defaultLimits } from './limits.js'
import { readTopVia } from './message.js'
import type { Source } from './octets.js'
import { SipRequest } from './request.js'
import { AbsoluteUri } from './values/absolute-uri.js'

/**
 * What a 400 needs of a request that could not be read (RFC 3261 §8.2.6): its fields as text, of those that may stand once the first.
 * undefined for a response, an ACK, and when From, To, Call-ID, CSeq or a readable topmost Via is missing.
 */
export function salvageRequest(source: Source): SipRequest | undefined {
  const [line, method = '', target = ''] = /^[\r\n]*([^ \n]*) ([^\n]*)\n/.exec(source.text) ?? []
  if (line === undefined || !isToken(method) || method === 'ACK') return undefined
  try {
    const headers = new HeaderFields(indexFields(source, line.length, defaultLimits, true).places, [source])
    const request = new SipRequest(method, AbsoluteUri.unreadable(target), headers, new Uint8Array(0))
    // What follows the topmost Via value may be broken, it is not needed to find the way back.
    return ['From', 'To', 'Call-ID', 'CSeq'].every((name) => headers.has(name)) && headers.first(VIA, readTopVia) ? request : undefined
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

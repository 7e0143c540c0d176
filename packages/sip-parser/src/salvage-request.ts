import { isToken, skipBlanks, trimBlanks } from './characters.js'
import { STRIDE } from './field-index.js'
import { HeaderFields } from './header-fields.js'
import { CALL_ID, CSEQ, FROM, lookUpName, TO, VIA } from './header-names.js'
import type { OctetText } from './octets.js'
import { SipRequest } from './request.js'
import { AbsoluteUri } from './values/absolute-uri.js'

const wanted: readonly number[] = [VIA, FROM, TO, CALL_ID, CSEQ]

/**
 * What a 400 needs of a request that could not be read (RFC 3261 §8.2.6): its Vias and the first From, To, Call-ID and CSeq, as text.
 * undefined for a response, an ACK, or when one of them is missing or the topmost Via cannot be read.
 */
export function salvageRequest(source: OctetText): SipRequest | undefined {
  const { text } = source
  let at = 0
  while (text.charCodeAt(at) === 13 || text.charCodeAt(at) === 10) at++
  let feed = text.indexOf('\n', at)
  const space = text.indexOf(' ', at)
  if (feed < 0 || space < 0 || space > feed) return undefined
  const method = text.slice(at, space)
  if (!isToken(method) || method === 'ACK') return undefined
  const target = text.slice(space + 1, feed).trim()
  const fields: number[] = []
  let found = 0
  for (at = feed + 1; at < text.length; at = feed + 1) {
    feed = text.indexOf('\n', at)
    while (feed >= 0 && (text.charAt(feed + 1) === ' ' || text.charAt(feed + 1) === '\t')) feed = text.indexOf('\n', feed + 1)
    if (feed < 0 || feed - at < 2) break
    const line = text.slice(at, feed)
    const colon = line.indexOf(':')
    const nameEnd = trimBlanks(line, 0, colon)
    const name = colon > 0 && nameEnd > 0 ? lookUpName(line, 0, nameEnd) : 0
    if (!wanted.includes(name) || (name !== VIA && ((found >> name) & 1) === 1)) continue
    // What cannot be printed cannot be answered.
    if (line.includes('\0') || line.replaceAll('\r\n', '').slice(0, -1).includes('\r')) return undefined
    found |= 1 << name
    const end = line.endsWith('\r') ? line.length - 1 : line.length
    const value = skipBlanks(line, colon + 1, end)
    fields.push(name, at, at + value, at + trimBlanks(line, value, end), feed + 1)
  }
  if (wanted.some((name) => ((found >> name) & 1) === 0) || fields.length > 256 * STRIDE) return undefined
  const index = { fields, end: 0, seen: found, folded: true, bareLineFeed: 0, open: false, contentLength: -1 }
  const parts = { headers: HeaderFields.over(text, source.ascii, index), body: new Uint8Array(0), diagnostics: [] }
  const request = new SipRequest(method, AbsoluteUri.unreadable(target), parts)
  try {
    return request.via.host === '' ? undefined : request
  } catch {
    return undefined
  }
}

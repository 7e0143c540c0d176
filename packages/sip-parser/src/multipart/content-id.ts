import { unescape } from '../escapes.js'

/** A Content-ID without `<` and `>`, or from a `cid:` URL without its escapes (RFC 2045 §7, RFC 2392 §2). */
export function bareContentId(text: string): string {
  return /^cid:/i.test(text) ? unescape(text.slice(4)) : text.replace(/^<(.*)>$/s, '$1')
}

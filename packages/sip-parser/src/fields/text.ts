import { matchIn, type Reader } from '../attempt.js'
import { ParseError } from '../errors.js'
import { slice } from '../octets.js'

// Values that are text or a number and nothing more.

/** TEXT-UTF8-TRIM: anything, perhaps nothing (RFC 3261 §25.1). */
export const readText: Reader<string> = (source, start, end) => slice(source, start, end)

/** `token`, here and there found in quotes. */
export const readToken: Reader<string> = (source, start, end) => matchIn(/^(?:[\w\-.!%*+`'~]+|"[\w\-.!%*+`'~]+")$/, source, start, end)[0]?.replaceAll('"', '') ?? ''

/** Text without blanks: a Call-ID is whatever the peer made up. */
export const readWord: Reader<string> = (source, start, end) => {
  matchIn(/^[!-~\x80-\xff]+$/, source, start, end)
  return slice(source, start, end)
}

/** Hexadecimal digits, in any case (RFC 3313 §4). */
export const readHex: Reader<string> = (source, start, end) => matchIn(/^(?:[\da-f]+|"[\da-f]+")$/i, source, start, end)[0]?.replaceAll('"', '') ?? ''

/** Major and minor version, `1.0`; a comment behind it is passed over (RFC 2045 §4). */
export const readVersion: Reader<string> = (source, start, end) => matchIn(/^\d+\.\d+(?=\s*(?:\(|$))/, source, start, end)[0] ?? ''

/** A message identifier in its brackets (RFC 8262 §3.2). */
export const readMessageId: Reader<string> = (source, start, end) => `<${matchIn(/^<?([^\s<>@\x80-\xff]+@(?:[^\s<>@\x80-\xff]+|\[[!-Z^-~]*\]))>?$/, source, start, end)[1] ?? ''}>`

/** Whole number below 2^32. Throws ParseError on a larger one: unlike a time it has no meaning cut short. */
export const readCount: Reader<number> = (source, start, end) => {
  const count = Number(matchIn(/^\d{1,10}$/, source, start, end)[0])
  if (count > 0xffff_ffff) throw new ParseError('header-value', start)
  return count
}

/** `callid` of RFC 3261 §25.1: one word, or two with `@` between them. */
export function isCallId(text: string): boolean {
  return /^[\w\-.!%*+`'~()<>:\\"/[\]?{}]+(?:@[\w\-.!%*+`'~()<>:\\"/[\]?{}]+)?$/.test(text)
}

/** Products and comments, as in Server and User-Agent (RFC 3261 §20.35, §20.41). */
export function isProductList(text: string): boolean {
  let rest = text.trim()
  while (rest !== '') {
    const product = /^[\w\-.!%*+`'~]+(?:\s*\/\s*[\w\-.!%*+`'~]+)?(?=[\s(]|$)/.exec(rest)?.[0].length ?? commentLength(rest)
    if (product === 0) return false
    rest = rest.slice(product).trimStart()
  }
  return text !== ''
}

/** Length of the comment the text starts with, nested ones included; 0 when there is none or it is not closed. */
export function commentLength(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at++
    else if (character === '(') depth++
    else if (character === ')') depth--
    if (depth === 0) return character === ')' ? at + 1 : 0
  }
  return 0
}

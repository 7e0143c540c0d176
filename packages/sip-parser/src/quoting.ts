/** Index of the quote that closes the one at `open`, or `end` (RFC 3261 §25.1 quoted-string). */
export function closingQuote(bytes: Uint8Array, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    const octet = bytes[at]
    if (octet === 34) return at
    if (octet === 92) at++
  }
  return end
}

/** Puts text between quotes, escaping `"` and `\` (RFC 3261 §25.1). */
export function quoteString(text: string): string {
  return `"${text.includes('"') || text.includes('\\') ? text.replaceAll(/["\\]/g, '\\$&') : text}"`
}

/** Text of a quoted string; text that does not start with a quote is returned as it is. */
export function unquoteString(text: string): string {
  if (text.charCodeAt(0) !== 34) return text
  if (text.includes('\\')) return /^"([^"\\]*(?:\\.[^"\\]*)*)/s.exec(text)?.[1]?.replaceAll(/\\(.)/gs, '$1') ?? ''
  const close = text.indexOf('"', 1)
  return text.slice(1, close < 0 ? text.length : close)
}

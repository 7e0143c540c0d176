/** A short text that still has the property: pieces are taken out, large ones first, as long as it keeps it. */
export function minimise(text: string, hasIt: (text: string) => boolean): string {
  let short = text
  for (let size = Math.ceil(short.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < short.length; ) {
      const shorter = short.slice(0, at) + short.slice(at + size)
      if (hasIt(shorter)) short = shorter
      else at += size
    }
  }
  return short
}

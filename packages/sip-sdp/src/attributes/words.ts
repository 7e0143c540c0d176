/** RFC 8866 §9: `token`. */
export const token: RegExp = /^[!#-'*+\-.0-9A-Z^-~]+$/

/** Whatever has no blank in it. */
export const nonBlank: RegExp = /^\S+$/

/** The words between spaces. */
export function wordsOf(value: string): readonly string[] {
  return value.split(' ').filter((word) => word !== '')
}

/** The first word, and all behind it. */
export function headOf(value: string): readonly [head: string, rest: string] {
  const text = value.trim()
  const space = text.indexOf(' ')
  return space === -1 ? [text, ''] : [text.slice(0, space), text.slice(space + 1).trim()]
}

/** One to ten digits that say no more than `most`; undefined for anything else. */
export function wholeNumber(word: string | undefined, most: number): number | undefined {
  if (word === undefined || !/^\d{1,10}$/.test(word)) return undefined
  const value = Number(word)
  return value <= most ? value : undefined
}

/** An RTP payload type: 0 to 127. */
export function payloadTypeOf(word: string | undefined): number | undefined {
  return wholeNumber(word, 127)
}

/** An SSRC: 32 bits. */
export function sourceOf(word: string | undefined): number | undefined {
  return wholeNumber(word, 0xffff_ffff)
}

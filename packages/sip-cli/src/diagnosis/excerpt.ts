/** A place in a file as an editor shows it. */
export interface TextPlace {
  /** Counted from 1. */
  readonly line: number
  /** Characters from the start of the line, counted from 1. */
  readonly column: number
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Columns of a terminal that a line may take before it is cut. */
const widest = 160

/** Line and column of an octet. What is not UTF-8 counts one character an octet. */
export function placeOf(octets: Uint8Array, offset: number): TextPlace {
  const start = startOfLine(octets, offset)
  let line = 1
  for (let feed = octets.indexOf(10); feed >= 0 && feed < start; feed = octets.indexOf(10, feed + 1)) line++
  return { line, column: Array.from(decoder.decode(octets.subarray(start, offset))).length + 1 }
}

/** The line of an octet, and below it carets under `length` octets, as far as they are in this line. */
export function excerptOf(octets: Uint8Array, offset: number, length: number): readonly string[] {
  const start = startOfLine(octets, offset)
  const feed = octets.indexOf(10, start)
  const end = feed < 0 ? octets.length : octets[feed - 1] === 13 && feed > start ? feed - 1 : feed
  const before = shown(octets, start, Math.min(offset, end))
  const marked = shown(octets, Math.min(offset, end), Math.min(Math.max(offset + length, offset + 1), end))
  const after = shown(octets, Math.min(Math.max(offset + length, offset + 1), end), end)
  const skipped = Math.max(0, Math.min(before.length - 40, before.length + marked.length + after.length - widest))
  const line = [...before, ...marked, ...after]
  const cut = (skipped > 0 ? '…' : '') + line.slice(skipped, skipped + widest).join('') + (line.length > skipped + widest ? '…' : '')
  const gutter = String(placeOf(octets, offset).line)
  const carets = '^'.repeat(Math.min(widest, Math.max(1, widthOf(marked))))
  return [`${gutter} | ${cut}`, `${' '.repeat(gutter.length)} | ${skipped > 0 ? ' ' : ''}${blanksFor(before.slice(skipped))}${carets}`]
}

function startOfLine(octets: Uint8Array, offset: number): number {
  return offset === 0 ? 0 : octets.lastIndexOf(10, offset - 1) + 1
}

/** Characters that do not move the cursor. */
function shown(octets: Uint8Array, start: number, end: number): string[] {
  return Array.from(decoder.decode(octets.subarray(start, end)), (character) => (character !== '\t' && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character) ? '\ufffd' : character))
}

/** As wide as the text; a tab stays a tab, so that it is as wide as the one above. */
function blanksFor(characters: readonly string[]): string {
  return characters.map((character) => (character === '\t' ? '\t' : ' '.repeat(columnsOf(character)))).join('')
}

function widthOf(characters: readonly string[]): number {
  return characters.reduce((sum, character) => sum + columnsOf(character), 0)
}

/** Columns of a terminal: two for the wide characters of East Asia and pictures, none for marks on the character before. */
function columnsOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(character) ? 2 : 1
}

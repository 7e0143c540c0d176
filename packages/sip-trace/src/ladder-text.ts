import type { LadderRow } from './ladder-record.js'

const timeColumns = 11
const narrowestSpan = 14

/** Draws the rows of one call between the lifelines of its participants. */
export function drawLadder(callId: string, participants: readonly string[], rows: readonly LadderRow[], width: number): string {
  const lanes = Math.max(1, participants.length)
  // Names are centred on their lifelines, so half a span stands free on either side.
  const span = Math.max(narrowestSpan, Math.floor((width - timeColumns) / lanes))
  const laneAt = (index: number): number => timeColumns + Math.floor(span / 2) + index * span
  const total = timeColumns + span * lanes
  const lifelines = blank(total)
  for (let index = 0; index < participants.length; index++) lifelines[laneAt(index)] = '│'

  const heading = blank(total)
  for (const [index, name] of participants.entries()) {
    const text = shorten(name, span - 2)
    write(heading, laneAt(index) - Math.floor(text.length / 2), text)
  }
  const lines = [shorten(`Call-ID ${callId}`, total), finish(heading)]
  for (const row of rows) {
    const line = [...lifelines]
    write(line, 0, `+${(row.elapsed / 1000).toFixed(3)}`.padStart(timeColumns - 2))
    drawArrow(line, row, laneAt(participants.indexOf(row.from)), laneAt(participants.indexOf(row.to)))
    lines.push(finish(line))
  }
  return `${lines.join('\n')}\n`
}

function drawArrow(line: string[], row: LadderRow, from: number, to: number): void {
  const label = ` ${row.label}${row.body === undefined ? '' : ` [${row.body.replace('application/', '')}]`}${marks(row)} `
  if (from === to) {
    write(line, from + 1, shorten(`↩${label}`, line.length - from - 1))
    return
  }
  const left = Math.min(from, to) + 1
  const length = Math.max(from, to) - left
  const shaft = '─'.repeat(length)
  const text = shorten(label, length - 4)
  write(line, left, shaft)
  write(line, left + Math.floor((length - text.length) / 2), text)
  line[to > from ? left + length - 1 : left] = to > from ? '▶' : '◀'
}

function marks(row: LadderRow): string {
  return row.retransmission === 0 ? '' : ` ⟳${row.retransmission}`
}

function blank(length: number): string[] {
  return Array.from({ length }, () => ' ')
}

function write(line: string[], at: number, text: string): void {
  let column = at
  for (const character of text) {
    if (column >= 0 && column < line.length) line[column] = character
    column++
  }
}

function finish(line: readonly string[]): string {
  return line.join('').trimEnd()
}

/** At most `columns` long; control characters, which a peer could send in a reason phrase, become spaces. */
function shorten(text: string, columns: number): string {
  const printable = Array.from(text, (character) => (isControl(character) ? ' ' : character))
  if (printable.length <= columns) return printable.join('')
  return columns < 1 ? '' : `${printable.slice(0, columns - 1).join('')}…`
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return code < 0x20 || (code >= 0x7f && code <= 0x9f)
}

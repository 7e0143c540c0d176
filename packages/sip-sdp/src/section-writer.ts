import { SdpError } from './sdp-error.js'
import type { Connection, MediaDescription, Section } from './session-description.js'

/** The type letters of both kinds of section as the grammar orders them (RFC 8866 §9), then the lines without a place in it. */
const GRAMMAR_ORDER = 'vosiuepcbtka?'

/** Text that grows by whole lines. */
export class Page {
  #text = ''
  #lines = 0

  line(line: string): void {
    this.#text += line + '\r\n'
    this.#lines += 1
  }

  /** @throws SdpError `invalid-value` unless there are as many CRs and LFs as were put there: one more came in with a value and would start a line of its own */
  checked(): string {
    const text = this.#text
    if (count(text, '\n') !== this.#lines || count(text, '\r') !== this.#lines || text.includes('\0')) {
      throw new SdpError('invalid-value', 'A value contains CR, LF or NUL')
    }
    return text
  }
}

/** Writes a section with `write`, which keeps to the grammar's order; a section that was read in another one gets that. */
export function writeSection<T extends Section>(page: Page, section: T, write: (page: Page, section: T) => void): void {
  if (section.order === undefined) {
    write(page, section)
    return
  }
  const apart = new Page()
  write(apart, section)
  for (const line of arrange(apart.checked().split('\r\n').slice(0, -1), section, section.order)) page.line(line)
}

/** Writes streams, each with its `m=` line. */
export function writeStreams(page: Page, streams: readonly MediaDescription[]): void {
  for (const media of streams) {
    page.line(mediaLine(media))
    writeSection(page, media, writeMedia)
  }
}

/** What stands below the `m=` line. */
function writeMedia(page: Page, media: MediaDescription): void {
  if (media.title !== undefined) page.line('i=' + media.title)
  writeConnection(page, media)
  writeAttributes(page, media)
}

/** `c=` and `b=` */
export function writeConnection(page: Page, section: Section): void {
  if (section.connection !== undefined) page.line(connectionLine(section.connection))
  for (const { type, value } of section.bandwidths ?? []) page.line(`b=${word(type)}:${value}`)
}

/** `k=`, `a=` and what has no place in the model. */
export function writeAttributes(page: Page, section: Section): void {
  if (section.key !== undefined) page.line('k=' + section.key)
  for (const { name, value } of section.attributes) page.line(value === undefined ? 'a=' + name : 'a=' + name + ':' + value)
  for (const { type, value } of section.otherLines ?? []) {
    if (type.length !== 1) throw new SdpError('invalid-value', 'The type of a line is one character')
    page.line(type + '=' + value)
  }
}

/**
 * Puts a section's lines, which come in the grammar's order, into the order it was read in. What has been
 * added since stands behind the last of its kind, a kind that is new stands where the grammar wants it.
 */
function arrange(lines: readonly string[], section: Section, order: string): string[] {
  const groups = new Map<string, string[][]>()
  const firstOther = lines.length - (section.otherLines?.length ?? 0)
  let group: string[] = []
  lines.forEach((line, index) => {
    // An r= or z= goes where its t= goes.
    const isOther = index >= firstOther
    if (!isOther && (line.startsWith('r=') || line.startsWith('z='))) {
      group.push(line)
      return
    }
    group = [line]
    const letter = isOther ? '?' : line.charAt(0)
    const known = groups.get(letter)
    if (known === undefined) groups.set(letter, [group])
    else known.push(group)
  })
  const plan = withMissing(order, groups.keys())
  const next = new Map<string, number>()
  return Array.from(plan).flatMap((letter, index) => {
    const waiting = groups.get(letter) ?? []
    const from = next.get(letter) ?? 0
    const to = plan.includes(letter, index + 1) ? from + 1 : waiting.length
    next.set(letter, to)
    return waiting.slice(from, to).flat()
  })
}

function withMissing(order: string, letters: Iterable<string>): string {
  let plan = order
  for (const letter of letters) {
    if (plan.includes(letter)) continue
    const later = GRAMMAR_ORDER.slice(GRAMMAR_ORDER.indexOf(letter) + 1)
    let at = 0
    while (at < plan.length && !later.includes(plan.charAt(at))) at += 1
    plan = plan.slice(0, at) + letter + plan.slice(at)
  }
  return plan
}

function connectionLine({ networkType, addressType, address }: Connection): string {
  return `c=${word(networkType)} ${word(addressType)} ${word(address)}`
}

function mediaLine({ kind, port, portCount, protocol, formats }: MediaDescription): string {
  let text = `m=${word(kind)} ${portNumber(port)}`
  if (portCount !== undefined) text += '/' + String(portNumber(portCount))
  text += ' ' + word(protocol)
  for (const format of formats) text += ' ' + word(format)
  return text
}

/** The text itself. @throws SdpError `invalid-value` when it is empty or holds a space */
export function word(text: string): string {
  if (text === '' || text.includes(' ')) throw new SdpError('invalid-value', `"${text}" must be one word`)
  return text
}

function portNumber(port: number): number {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new SdpError('invalid-value', `${port} is not a port`)
  return port
}

function count(text: string, character: string): number {
  let found = 0
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found += 1
  return found
}

import { SdpError } from './sdp-error.js'
import type { Connection, MediaDescription, Origin, Section, SessionDescription, TimeDescription } from './session-description.js'

/** The type letters of both kinds of section as the grammar orders them (RFC 8866 §9), then the lines without a place in it. */
const GRAMMAR_ORDER = 'vosiuepcbtka?'

/**
 * Prints a session description (RFC 8866 §5): every line ends with CRLF, in the grammar's order or,
 * for a section that was read in another one, in that.
 * @throws SdpError `invalid-value` when a value holds CR, LF or NUL, a field that ends at a space is empty or holds one, or a port is out of range
 */
export function serializeSessionDescription(description: SessionDescription): string {
  let lines: string[] = []
  pushSession(lines, description)
  if (description.order !== undefined) lines = arrange(lines, description, description.order)
  for (const media of description.media) {
    lines.push(mediaLine(media))
    if (media.order === undefined) pushMedia(lines, media)
    else {
      const section: string[] = []
      pushMedia(section, media)
      for (const line of arrange(section, media, media.order)) lines.push(line)
    }
  }
  const text = lines.join('\r\n') + '\r\n'
  // As many CRs and LFs as were put there: one more came in with a value and would start a line of its own.
  if (count(text, '\n') !== lines.length || count(text, '\r') !== lines.length || text.includes('\0')) {
    throw new SdpError('invalid-value', 'A value contains CR, LF or NUL')
  }
  return text
}

function pushSession(lines: string[], description: SessionDescription): void {
  lines.push('v=0', originLine(description.origin), 's=' + description.name)
  if (description.information !== undefined) lines.push('i=' + description.information)
  if (description.uri !== undefined) lines.push('u=' + description.uri)
  for (const email of description.emails ?? []) lines.push('e=' + email)
  for (const phone of description.phones ?? []) lines.push('p=' + phone)
  pushConnection(lines, description)
  for (const time of description.times) pushTime(lines, time)
  pushAttributes(lines, description)
}

function pushMedia(lines: string[], media: MediaDescription): void {
  if (media.title !== undefined) lines.push('i=' + media.title)
  pushConnection(lines, media)
  pushAttributes(lines, media)
}

function pushConnection(lines: string[], section: Section): void {
  if (section.connection !== undefined) lines.push(connectionLine(section.connection))
  for (const { type, value } of section.bandwidths ?? []) lines.push(`b=${word(type)}:${value}`)
}

function pushAttributes(lines: string[], section: Section): void {
  if (section.key !== undefined) lines.push('k=' + section.key)
  for (const { name, value } of section.attributes) lines.push(value === undefined ? 'a=' + name : 'a=' + name + ':' + value)
  if (section.otherLines === undefined) return
  for (const { type, value } of section.otherLines) {
    if (type.length !== 1) throw new SdpError('invalid-value', 'The type of a line is one character')
    lines.push(type + '=' + value)
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

function pushTime(lines: string[], { start, stop, repeats, zone }: TimeDescription): void {
  lines.push(`t=${word(start)} ${word(stop)}`)
  if (repeats !== undefined) for (const repeat of repeats) lines.push('r=' + repeat)
  if (zone !== undefined) lines.push('z=' + zone)
}

function originLine(origin: Origin): string {
  if (origin.username === '') throw new SdpError('invalid-value', 'The user name of an origin is "-" when there is none')
  return `o=${origin.username} ${word(origin.sessionId)} ${word(origin.sessionVersion)} ${word(origin.networkType)} ${word(origin.addressType)} ${word(origin.address)}`
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

function word(text: string): string {
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

import type { LineReader } from './line-reader.js'
import { type MediaLine, parseBandwidth, parseConnection, parseOrigin, parseTime } from './parse-line.js'
import { SdpError } from './sdp-error.js'
import type { SdpFragment } from './sdp-fragment.js'
import type { Attribute, Bandwidth, Connection, MediaDescription, Origin, OtherLine, SessionDescription } from './session-description.js'

interface OpenTime { readonly start: string; readonly stop: string; repeats: string[] | undefined; zone: string | undefined }

/**
 * A section while its lines come in. Lines are expected in the grammar's order (RFC 8866 §9) and
 * nothing is noted about it; from the first line on that is not, the letters are written down.
 */
abstract class OpenSection {
  information: string | undefined = undefined
  connection: Connection | undefined = undefined
  readonly bandwidths: Bandwidth[] = []
  key: string | undefined = undefined
  readonly attributes: Attribute[] = []
  readonly otherLines: OtherLine[] = []
  order: string | undefined = undefined
  #rank = 0

  /** Takes the line the reader stands at. */
  take(type: number, reader: LineReader): void {
    switch (type) {
      case 0x61: { // a=
        this.place(12, 'a')
        const { text, start, end } = reader
        const colon = reader.colon()
        this.attributes.push(colon === -1
          ? { name: text.slice(start + 2, end), value: undefined }
          : { name: text.slice(start + 2, colon), value: text.slice(colon + 1, end) })
        return
      }
      case 0x63: { // c=
        const connection = parseConnection(reader)
        if (this.connection !== undefined) break
        this.place(8, 'c')
        this.connection = connection
        return
      }
      case 0x62: { // b=
        const bandwidth = parseBandwidth(reader)
        if (bandwidth === undefined) break
        this.place(9, 'b')
        this.bandwidths.push(bandwidth)
        return
      }
      case 0x69: // i=
        if (this.information !== undefined) break
        this.place(4, 'i')
        this.information = reader.value()
        return
      case 0x6b: // k=
        if (this.key !== undefined) break
        this.place(11, 'k')
        this.key = reader.value()
        return
    }
    this.takeOther(reader)
  }

  /** Keeps a line that the model has no place for. */
  protected takeOther(reader: LineReader): void {
    this.order = (this.order ?? this.letters()) + '?'
    this.otherLines.push({ type: reader.text.charAt(reader.start), value: reader.value() })
  }

  /** Notes where a line stands; to be called before the line's value is stored. */
  protected place(rank: number, letter: string): void {
    if (this.order !== undefined) this.order += letter
    else if (rank < this.#rank) this.order = this.letters() + letter
    this.#rank = rank
  }

  /** The type letters of what is stored, in the grammar's order. */
  protected abstract letters(): string

  protected commonLetters(): string {
    return (this.connection === undefined ? '' : 'c') + 'b'.repeat(this.bandwidths.length)
  }

  protected lastLetters(): string {
    return (this.key === undefined ? '' : 'k') + 'a'.repeat(this.attributes.length)
  }
}

/** What stands above the streams of a fragment: attributes, as a rule. */
export class OpenFragment extends OpenSection {
  /** The finished fragment. */
  close(media: readonly MediaDescription[]): SdpFragment {
    const { connection, bandwidths, key, attributes, otherLines, order } = this
    return { connection, bandwidths, key, attributes, otherLines, order, media }
  }

  override take(type: number, reader: LineReader): void {
    if (type === 0x69) this.takeOther(reader)
    else super.take(type, reader)
  }

  protected override letters(): string {
    return this.commonLetters() + this.lastLetters()
  }
}

/** A stream's section, opened by its `m=` line. */
export class OpenMedia extends OpenSection {
  readonly #line: MediaLine

  constructor(line: MediaLine) {
    super()
    this.#line = line
  }

  /** The finished stream. */
  close(): MediaDescription {
    const { kind, port, portCount, protocol, formats } = this.#line
    return {
      kind, port, portCount, protocol, formats, title: this.information, connection: this.connection, bandwidths: this.bandwidths,
      key: this.key, attributes: this.attributes, otherLines: this.otherLines, order: this.order,
    }
  }

  override take(type: number, reader: LineReader): void {
    if (type === 0x76 || type === 0x6f) throw reader.fault('duplicate-line', 'A second session starts inside the description')
    super.take(type, reader)
  }

  protected override letters(): string {
    return (this.information === undefined ? '' : 'i') + this.commonLetters() + this.lastLetters()
  }
}

/** The session's section: all above the first `m=` line. */
export class OpenSession extends OpenSection {
  #origin: Origin | undefined = undefined
  #name: string | undefined = undefined
  #uri: string | undefined = undefined
  readonly #emails: string[] = []
  readonly #phones: string[] = []
  readonly #times: OpenTime[] = []
  /** The time description that `r=` and `z=` lines still belong to. */
  #time: OpenTime | undefined = undefined

  /** The finished description. An absent `s=` or `t=` is let pass and read as `-` and `0 0`. */
  close(media: readonly MediaDescription[]): SessionDescription {
    if (this.#origin === undefined) throw new SdpError('missing-line', 'The description has no "o=" line')
    return {
      version: 0, origin: this.#origin, name: this.#name ?? '-', information: this.information, uri: this.#uri,
      emails: this.#emails, phones: this.#phones, connection: this.connection, bandwidths: this.bandwidths,
      times: this.#times.length === 0 ? [{ start: '0', stop: '0', repeats: undefined, zone: undefined }] : this.#times,
      key: this.key, attributes: this.attributes, otherLines: this.otherLines, order: this.order, media,
    }
  }

  override take(type: number, reader: LineReader): void {
    if (type === 0x61) {
      this.#time = undefined
      super.take(type, reader)
    } else if (!this.#takeTime(type, reader)) {
      this.#time = undefined
      if (!this.#takeOwn(type, reader)) super.take(type, reader)
    }
  }

  protected override letters(): string {
    return 'v' + (this.#origin === undefined ? '' : 'o') + (this.#name === undefined ? '' : 's') + (this.information === undefined ? '' : 'i') +
      (this.#uri === undefined ? '' : 'u') + 'e'.repeat(this.#emails.length) + 'p'.repeat(this.#phones.length) +
      this.commonLetters() + 't'.repeat(this.#times.length) + this.lastLetters()
  }

  #takeTime(type: number, reader: LineReader): boolean {
    const time = this.#time
    switch (type) {
      case 0x74: { // t=
        const { start, stop } = parseTime(reader)
        this.place(10, 't')
        this.#time = { start, stop, repeats: undefined, zone: undefined }
        this.#times.push(this.#time)
        return true
      }
      case 0x72: // r=
        if (time === undefined) return false
        time.repeats ??= []
        time.repeats.push(reader.value())
        return true
      case 0x7a: // z=
        if (time === undefined) return false
        time.zone = reader.value()
        this.#time = undefined
        return true
      default:
        return false
    }
  }

  #takeOwn(type: number, reader: LineReader): boolean {
    switch (type) {
      case 0x76: // v=
        throw reader.fault('duplicate-line', 'The description has a second "v=" line')
      case 0x6f: // o=
        if (this.#origin !== undefined) throw reader.fault('duplicate-line', 'The description has a second "o=" line')
        this.place(2, 'o')
        this.#origin = parseOrigin(reader)
        return true
      case 0x73: // s=
        if (this.#name !== undefined) return false
        this.place(3, 's')
        this.#name = reader.value()
        return true
      case 0x75: // u=
        if (this.#uri !== undefined) return false
        this.place(5, 'u')
        this.#uri = reader.value()
        return true
      case 0x65: // e=
        this.place(6, 'e')
        this.#emails.push(reader.value())
        return true
      case 0x70: // p=
        this.place(7, 'p')
        this.#phones.push(reader.value())
        return true
      default:
        return false
    }
  }
}

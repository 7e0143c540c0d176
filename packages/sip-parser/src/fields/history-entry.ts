import type { Reader } from '../attempt.js'
import { BuildError } from '../errors.js'
import { unescape } from '../escapes.js'
import { NameAddr, type NameAddrParts } from '../values/name-addr.js'
import { Parameters } from '../values/parameters.js'
import { SipUri } from '../values/sip-uri.js'
import { Value } from '../values/value.js'
import { checkedValue, present } from './checked-value.js'

/** How the target of an entry came about: by registered contact, by mapping to another user, or without a change. */
export type HistoryTarget = 'rc' | 'mp' | 'np'

/** What an entry is made of, besides its address. */
export interface HistoryEntryParts {
  /** `1.2.1` */
  readonly index: string
  /** The mechanism, and the index of the entry the target came from. */
  readonly target?: readonly [mechanism: HistoryTarget, from: string] | undefined
}

/** One History-Info entry: where the request was sent on its way (RFC 7044 §5). Immutable. */
export class HistoryEntry extends Value {
  /** With the parameters of the entry. */
  readonly address: NameAddr

  private constructor(address: NameAddr) {
    super()
    this.address = address
  }

  /**
   * Throws BuildError.
   *
   * @example HistoryEntry.of({ uri }, { index: '1.1', target: ['rc', '1'] })
   */
  static of(address: Omit<NameAddrParts, 'parameters'>, { index, target }: HistoryEntryParts): HistoryEntry {
    const parameters = Parameters.of(present(['index', checkIndex(index)], ...(target === undefined ? [] : [[target[0], checkIndex(target[1])] as const])))
    return checkedValue(new HistoryEntry(NameAddr.of({ ...address, parameters })), HistoryEntry.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<HistoryEntry> = (source, start, end) => new HistoryEntry(NameAddr.read(source, start, end))

  /** undefined when absent or no list of numbers. */
  get index(): string | undefined {
    const index = this.address.parameters.get('index')
    return index !== undefined && isIndex(index) ? index : undefined
  }
  get target(): readonly [mechanism: HistoryTarget, from: string] | undefined {
    for (const mechanism of ['rc', 'mp', 'np'] as const) {
      const from = this.address.parameters.get(mechanism)
      if (from !== undefined) return [mechanism, from]
    }
    return undefined
  }
  /** Text of the Reason in the URI: why the request went on from here (RFC 7044 §5). */
  get reason(): string | undefined {
    return this.#escapedHeader('reason')
  }
  /** Text of the Privacy in the URI: `history` asks to hide the entry (RFC 7044 §5). */
  get privacy(): string | undefined {
    return this.#escapedHeader('privacy')
  }

  toString(): string {
    return this.address.toString()
  }

  #escapedHeader(name: string): string | undefined {
    const { uri } = this.address
    const headers = uri instanceof SipUri ? (uri.headers ?? '').split('&') : []
    const header = headers.find((one) => one.toLowerCase().startsWith(`${name}=`))
    return header === undefined ? undefined : unescape(header.slice(name.length + 1))
  }
}

function checkIndex(text: string): string {
  if (!isIndex(text)) throw new BuildError('value', 'index', text)
  return text
}

function isIndex(text: string): boolean {
  return /^\d+(?:\.\d+)*$/.test(text)
}

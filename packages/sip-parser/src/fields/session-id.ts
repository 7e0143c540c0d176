import type { Reader } from '../attempt.js'
import { BuildError } from '../errors.js'
import { Parameters } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue, present } from './checked-value.js'
import { readHead } from './head.js'

/** Identifier of a session from end to end: one half from each side (RFC 7989 §5). Immutable. */
export class SessionId extends Value {
  /** 32 hexadecimal digits of the sender, lower case; all zero when it has none. */
  readonly local: string
  readonly parameters: Parameters

  private constructor(local: string, parameters: Parameters) {
    super()
    this.local = local.toLowerCase()
    this.parameters = parameters
  }

  /**
   * Throws BuildError. `remote` is left out only towards a peer of RFC 7329.
   *
   * @example SessionId.of('ab30317f1a784dc48ff824d0d3715d86', '47755a9de7794ba387653f2099600ef2')
   */
  static of(local: string, remote?: string): SessionId {
    const session = new SessionId(local, Parameters.of(present(['remote', remote])))
    if (session.remote !== remote) throw new BuildError('value', 'remote', remote ?? '')
    return checkedValue(session, SessionId.read)
  }

  /** The half that stands for "none yet". */
  static readonly nil: string = '00000000000000000000000000000000'

  /** @internal Throws ParseError. */
  static readonly read: Reader<SessionId> = (source, start, end) => {
    const [[, local = ''], parameters] = readHead(/^([\da-f]{32})\s*(?=;|$)/i, source, start, end)
    return new SessionId(local, parameters)
  }

  /** The receiver's half, lower case; undefined when it is absent or no 32 hexadecimal digits. */
  get remote(): string | undefined {
    const remote = this.parameters.get('remote')?.toLowerCase()
    return remote !== undefined && /^[\da-f]{32}$/.test(remote) ? remote : undefined
  }

  toString(): string {
    return this.local + this.parameters.toString()
  }
}

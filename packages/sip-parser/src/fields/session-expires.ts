import type { Reader } from '../attempt.js'
import { Parameters } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { assertWhole, checkedValue, present } from './checked-value.js'
import { readHead } from './head.js'

/** How long a session lasts without a refresh, and who sends it (RFC 4028 §4). Immutable. */
export class SessionExpires extends Value {
  /** Seconds. */
  readonly seconds: number
  readonly parameters: Parameters

  private constructor(seconds: number, parameters: Parameters) {
    super()
    this.seconds = seconds
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example message.headers.set('Session-Expires', String(SessionExpires.of(1800, 'uac')))
   */
  static of(seconds: number, refresher?: 'uac' | 'uas'): SessionExpires {
    assertWhole(seconds)
    return checkedValue(new SessionExpires(seconds, Parameters.of(present(['refresher', refresher]))), SessionExpires.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<SessionExpires> = (source, start, end) => {
    const [[, digits], parameters] = readHead(/^(\d{1,15})\s*(?=;|$)/, source, start, end)
    return new SessionExpires(Math.min(Number(digits), 0xffff_ffff), parameters)
  }

  /** undefined when it is left to the other side, or is none of the two. */
  get refresher(): 'uac' | 'uas' | undefined {
    const refresher = this.parameters.get('refresher')?.toLowerCase()
    return refresher === 'uac' || refresher === 'uas' ? refresher : undefined
  }

  toString(): string {
    return `${this.seconds}${this.parameters.toString()}`
  }
}

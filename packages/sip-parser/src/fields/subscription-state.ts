import type { Reader } from '../attempt.js'
import { assertToken } from '../guards.js'
import { Parameters } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { assertWhole, checkedValue, present } from './checked-value.js'
import { numberOf, readHead } from './head.js'

/** What else is known of a subscription. */
export interface SubscriptionStateParts {
  /** Seconds left of the subscription. */
  readonly expires?: number | undefined
  /** `deactivated`, `probation`, `rejected`, `timeout`, `giveup`, `noresource`, `invariant` … */
  readonly reason?: string | undefined
  /** Seconds to wait before subscribing again. */
  readonly retryAfter?: number | undefined
}

/** State of a subscription (RFC 6665 §8.2.3). Immutable. */
export class SubscriptionState extends Value {
  /** Lower case: `active`, `pending`, `terminated` or an extension. */
  readonly state: string
  readonly parameters: Parameters

  private constructor(state: string, parameters: Parameters) {
    super()
    this.state = state.toLowerCase()
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example SubscriptionState.of('terminated', { reason: 'probation', retryAfter: 30 })
   */
  static of(state: string, { expires, reason, retryAfter }: SubscriptionStateParts = {}): SubscriptionState {
    assertWhole(expires)
    assertWhole(retryAfter)
    if (reason !== undefined) assertToken(reason, 'reason')
    const parameters = Parameters.of(present(['expires', expires], ['reason', reason], ['retry-after', retryAfter]))
    return checkedValue(new SubscriptionState(state, parameters), SubscriptionState.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<SubscriptionState> = (source, start, end) => {
    const [[, state = ''], parameters] = readHead(/^([\w\-.!%*+`'~]+)\s*(?=;|$)/, source, start, end)
    return new SubscriptionState(state, parameters)
  }

  /** Seconds left of the subscription. */
  get expires(): number | undefined {
    return numberOf(this.parameters, 'expires')
  }
  get reason(): string | undefined {
    return this.parameters.get('reason')
  }
  /** Seconds to wait before subscribing again. */
  get retryAfter(): number | undefined {
    return numberOf(this.parameters, 'retry-after')
  }

  toString(): string {
    return this.state + this.parameters.toString()
  }
}

import type { Reader } from '../attempt.js'
import { slice } from '../octets.js'
import { Parameters } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { assertWhole, checkedValue, present } from './checked-value.js'
import { numberOf, readHead } from './head.js'
import { commentLength } from './text.js'

/** What else is known of a Retry-After. */
export interface RetryAfterParts {
  /** Why, for people. */
  readonly comment?: string | undefined
  /** Seconds the callee will be reachable for. */
  readonly duration?: number | undefined
}

/** When to try again (RFC 3261 §20.33). Immutable. */
export class RetryAfter extends Value {
  /** Seconds. */
  readonly seconds: number
  /** Without the outer parentheses, escapes undone; undefined when there is none. */
  readonly comment: string | undefined
  readonly parameters: Parameters

  private constructor(seconds: number, comment: string | undefined, parameters: Parameters) {
    super()
    this.seconds = seconds
    this.comment = comment
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example RetryAfter.of(18000, { comment: 'I am in a meeting', duration: 3600 })
   */
  static of(seconds: number, { comment, duration }: RetryAfterParts = {}): RetryAfter {
    assertWhole(seconds)
    assertWhole(duration)
    return checkedValue(new RetryAfter(seconds, comment, Parameters.of(present(['duration', duration]))), RetryAfter.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<RetryAfter> = (source, start, end) => {
    const [[head = '', digits]] = readHead(/^(\d{1,15})\s*(?=[;(]|$)/, source, start, end)
    const open = start + head.length
    const close = open + commentLength(source.text.slice(open, end))
    const [, parameters] = readHead(/^\s*(?=;|$)/, source, close, end)
    const comment = close > open ? slice(source, open + 1, close - 1).replaceAll(/\\(.)/gs, '$1') : undefined
    return new RetryAfter(Math.min(Number(digits), 0xffff_ffff), comment, parameters)
  }

  /** Seconds the callee will be reachable for. */
  get duration(): number | undefined {
    return numberOf(this.parameters, 'duration')
  }

  toString(): string {
    const comment = this.comment === undefined ? '' : ` (${this.comment.replaceAll(/[()\\]/g, '\\$&')})`
    return `${this.seconds}${comment}${this.parameters.toString()}`
  }
}

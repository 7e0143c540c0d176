import { matchIn, type Reader } from '../attempt.js'
import { BuildError, ParseError } from '../errors.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const weekdays = 'ThuFriSatSunMonTueWed'

/** A Date value, always in GMT (RFC 3261 §20.17, RFC 1123 §5.2.14). Immutable. */
export class SipDate extends Value {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly epochSeconds: number

  private constructor(epochSeconds: number) {
    super()
    this.epochSeconds = epochSeconds
  }

  /**
   * Throws BuildError unless it is a whole second of the years 0 to 9999.
   *
   * @example message.headers.set('Date', String(SipDate.of(1289690940)))
   */
  static of(epochSeconds: number): SipDate {
    if (!(Math.abs(epochSeconds) < 1e12)) throw new BuildError('value', 'Date', String(epochSeconds))
    return checkedValue(new SipDate(epochSeconds), SipDate.read)
  }

  /** @internal The name of the day is not looked at, and may be missing; so may `GMT`. Throws ParseError. */
  static readonly read: Reader<SipDate> = (source, start, end) => {
    const [, day, name = '', year, hour, minute, second] = matchIn(/^(?:[a-z]{3,9},?\s+)?(\d{1,2})[ -]([a-z]{3})[ -](\d{4})\s+(\d\d):([0-5]\d):([0-5]\d)(?:\s+(?:GMT|UTC|[+-]0000))?$/i, source, start, end)
    const month = months.toLowerCase().indexOf(name.toLowerCase()) / 3
    const days = daysOf(Number(year), month, Number(day))
    // Not a month, or a day the month does not have.
    if (dateOf(days)[1] !== month || Number(day) < 1 || Number(hour) > 23) throw new ParseError('header-value', start)
    return new SipDate(days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second))
  }

  toString(): string {
    const days = Math.floor(this.epochSeconds / 86_400)
    const [year, month, day] = dateOf(days)
    const seconds = this.epochSeconds - days * 86_400
    const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => padded(Math.floor(part), 2)).join(':')
    const weekday = (((days % 7) + 7) % 7) * 3
    return `${weekdays.slice(weekday, weekday + 3)}, ${padded(day, 2)} ${months.slice(month * 3, month * 3 + 3)} ${padded(year, 4)} ${time} GMT`
  }
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0')
}

/** Days since 1970-01-01 of the Gregorian calendar; months from 0. Counted from March, so that the leap day is the last of its year. */
function daysOf(year: number, month: number, day: number): number {
  const marchYear = month < 2 ? year - 1 : year
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * ((month + 10) % 12) + 2) / 5) + day - 719_469
}

function dateOf(days: number): [year: number, month: number, day: number] {
  let year = Math.floor(days / 365.2425) + 1971
  while (daysOf(year, 0, 1) > days) year--
  let month = 11
  while (daysOf(year, month, 1) > days) month--
  return [year, month, days - daysOf(year, month, 1) + 1]
}

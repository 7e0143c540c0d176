import type { Reader } from '../attempt.js'
import { BuildError } from '../errors.js'
import { assertPlain, assertReadable } from '../guards.js'
import type { ParameterList } from '../values/parameters.js'

/** The value, if it may be written and reads back as the same value. Throws BuildError `line-break` or `value`. */
export function checkedValue<T extends { toString(): string }>(value: T, read: Reader<T>): T {
  assertWritable(value.toString())
  return assertReadable(value, read)
}

/** Throws BuildError for CR, LF, NUL (`line-break`) and every other control character but HTAB (`value`), RFC 3261 §25.1. */
export function assertWritable(text: string, header?: string): void {
  assertPlain(text, header)
  if (/[^\t -~\u0080-\uffff]/.test(text)) throw new BuildError('value', header, text)
}

/** Throws BuildError `value` unless the number is whole and neither negative nor above `most`. */
export function assertWhole(number: number | undefined, most: number = 0xffff_ffff): void {
  if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= most)) throw new BuildError('value', undefined, String(number))
}

/** Parameters to build, without those that are undefined. */
export function present(...list: readonly (readonly [name: string, value: string | number | undefined])[]): ParameterList {
  return list.filter(([, value]) => value !== undefined)
}

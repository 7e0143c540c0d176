import { ParseError } from './errors.js'

/**
 * What an accessor says, `undefined` when the field is not there or the peer wrote something that cannot be read. What else it throws goes on.
 *
 * @example legible(() => message.expires) ?? 3600
 */
export function legible<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

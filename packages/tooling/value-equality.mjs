// Values of messages hold private fields, which `toEqual` does not see: two of a class are equal when they print the same.
import { expect } from 'vitest'

/** Whether this is an instance of a class of ours that says how it is written. */
function isValue(one) {
  if (typeof one !== 'object' || one === null) return false
  const { constructor } = one
  return typeof constructor === 'function' && globalThis[constructor.name] !== constructor && Object.hasOwn(constructor.prototype, 'toString')
}

expect.addEqualityTesters([
  (one, other) => (isValue(one) && isValue(other) ? one.constructor === other.constructor && String(one) === String(other) : undefined),
])

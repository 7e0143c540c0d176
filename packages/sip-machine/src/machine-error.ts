/**
 * What a {@link MachineError} is about.
 *
 * - `too-few-bits`: a token of less than 64 random bits was asked for.
 * - `empty-range`: a range holds no number, or is wider than 2^32.
 * - `not-an-instant`: an instant or a duration is not a number.
 * - `re-entered`: a virtual clock was advanced out of one of its own alarms.
 * - `never-idle`: virtual time went on for longer than its limit without coming to rest.
 * - `address-taken`: two ends attached to a lossy network under one address.
 * - `not-a-probability`: a probability outside 0 to 1, or a delay range that runs backwards.
 */
export type MachineErrorCode =
  | 'too-few-bits'
  | 'empty-range'
  | 'not-an-instant'
  | 're-entered'
  | 'never-idle'
  | 'address-taken'
  | 'not-a-probability'

/** Thrown when the caller misuses something of this package; never because of what a peer sent. */
export class MachineError extends Error {
  override readonly name = 'MachineError'
  readonly code: MachineErrorCode

  constructor(code: MachineErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

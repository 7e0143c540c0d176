/** Which mistake of the caller a {@link DigestError} reports. */
export type DigestErrorCode =
  | 'bad-ha1' // not hexadecimal, or of no algorithm's length
  | 'bad-realm' // a realm that cannot be printed
  | 'no-algorithm' // an empty list of algorithms
  | 'no-secret' // credentials without password and ha1
  | 'weak-secret' // a server secret under 16 bytes

/** The caller misused this package. What a peer does wrong is never thrown. */
export class DigestError extends Error {
  override readonly name = 'DigestError'
  readonly code: DigestErrorCode

  constructor(code: DigestErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

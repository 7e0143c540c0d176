/**
 * What a {@link TransactionError} is about.
 *
 * - `key-in-use`: a client transaction of this key is live.
 * - `reserved-key`: the key begins like those that the layer gives to server transactions.
 * - `no-branch`: the request's top Via has no branch.
 * - `branch-in-use`: a client transaction of this branch and method is live.
 * - `bad-timer-value`: T1, T2 or T4 is not a positive number.
 * - `ack-has-no-transaction`: an ACK was to be sent through a transaction; it goes straight to the transport.
 */
export type TransactionErrorCode = 'key-in-use' | 'reserved-key' | 'no-branch' | 'branch-in-use' | 'bad-timer-value' | 'ack-has-no-transaction'

/** Thrown when a transaction user misuses the layer; never because of what a peer sent. */
export class TransactionError extends Error {
  override readonly name = 'TransactionError'
  readonly code: TransactionErrorCode

  /** @param subject What it happened to, such as the key. */
  constructor(code: TransactionErrorCode, subject: string) {
    super(`${code}: ${subject}`)
    this.code = code
  }
}

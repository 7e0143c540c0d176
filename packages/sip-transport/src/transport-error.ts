/** Why a transport could not do what was asked of it. */
export type TransportErrorCode =
  | 'aborted' // the caller gave up
  | 'address-in-use' // another program listens there
  | 'bad-address' // the local address is not this machine's
  | 'closed' // the peer or this side ended the flow
  | 'framing' // a stream stopped being SIP (RFC 3261 §18.3)
  | 'forbidden' // the operating system or a policy said no
  | 'no-adapter' // no adapter for that transport
  | 'refused' // nobody listens there
  | 'timed-out'
  | 'tls' // handshake or identity check failed (RFC 5922)
  | 'too-large' // more than the transport can carry
  | 'unreachable' // no such host or no route to it

/** A transport failure; `cause` holds what the platform said. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly code: TransportErrorCode

  constructor(code: TransportErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** What an adapter rejected with; `unreachable` when it forgot to say. */
export function asTransportError(reason: unknown): TransportError {
  return reason instanceof TransportError ? reason : new TransportError('unreachable', 'The dial failed.', reason)
}

/** Which mistake of the caller a {@link ServerError} reports. */
export type ServerErrorCode =
  | 'bad-address' // not a SIP address-of-record, or not a SIP contact
  | 'bad-domain' // an empty list of domains
  | 'bad-limit' // a limit that contradicts another, or is not a positive number
  | 'closed' // the server was closed

/** The caller misused the server. What a peer does wrong is answered, never thrown. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode

  constructor(code: ServerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** What an application did wrong when it used a session, a call or a user agent. */
export type SessionErrorCode =
  | 'bad-target' // no URI, name or number that can be called
  | 'bad-identity' // not a SIP address of record
  | 'bad-server' // not a server address
  | 'bad-preference' // not a feature tag or its value
  | 'bad-status' // a status code that does not fit the answer
  | 'closed' // the user agent was closed
  | 'no-media' // the operation needs a media engine
  | 'missing-extension' // the agent was made without the extension that does this
  | 'request-pending' // an INVITE or UPDATE with an offer is under way (RFC 3261 §14.1)
  | 'bad-snapshot' // not a dialog that this version wrote
  | 'wrong-state' // not possible in this state

/** A misuse by the caller. What a peer does wrong is never thrown. */
export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly code: SessionErrorCode

  constructor(code: SessionErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** The agent was made without an extension that is asked for. */
export function missing(extension: string): SessionError {
  return new SessionError('missing-extension', `The user agent needs extensions: [${extension}].`)
}

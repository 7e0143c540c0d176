/**
 * Why the media side of a call failed. The message says what the user can do.
 *
 * - `no-peer-connection`: this platform has no `RTCPeerConnection`, and none was given
 * - `insecure-page`: the page may not use microphones because it came neither by HTTPS nor from localhost
 * - `input-denied`, `input-missing`, `input-busy`: the user said no; there is no such device; another program has it
 * - `input-failed`: the input could not be opened for another reason, see `cause`
 * - `output-failed`: the loudspeaker could not be chosen, see `cause`
 * - `bad-description`: the peer's description could not be read or applied
 * - `no-ice-servers`: the function that brings TURN credentials failed or took too long; the call goes on without them
 * - `wrong-state`: an answer without an offer
 * - `bad-tone`: something else than `0`–`9`, `A`–`D`, `*`, `#` and `,` was to be played
 * - `closed`: the call is over
 */
export type MediaErrorCode =
  | 'no-peer-connection' | 'insecure-page' | 'input-denied' | 'input-missing' | 'input-busy' | 'input-failed' | 'output-failed'
  | 'bad-description' | 'no-ice-servers' | 'wrong-state' | 'bad-tone' | 'closed'

/** A failure of devices, descriptions or the peer connection. */
export class MediaError extends Error {
  override readonly name: string = 'MediaError'
  readonly code: MediaErrorCode

  constructor(code: MediaErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

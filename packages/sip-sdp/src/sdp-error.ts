/**
 * Why a description could not be read, printed or negotiated.
 *
 * - `too-large`: a limit was passed (bytes, lines, media, formats)
 * - `bad-character`: NUL, or a CR that ends no line
 * - `bad-line`: a line that does not start with one letter and `=`
 * - `missing-line`, `duplicate-line`: `v=` or `o=` absent or there twice
 * - `bad-version`, `bad-origin`, `bad-connection`, `bad-time`, `bad-media`: that line's value cannot be read
 * - `invalid-value`: the caller wants to print something that no SDP line can hold
 * - `no-common-media`: every offered stream had to be refused (RFC 3264 §6)
 * - `media-mismatch`: media lines vanished, moved or changed kind (RFC 3264 §6, §8)
 * - `weaker-transport`: a secured stream was to continue without its protection
 * - `offer-pending`: an offer came while one of ours waits for its answer, or one of ours while another waits (RFC 3264 §4)
 * - `no-offer`: an answer without an offer
 */
export type SdpErrorCode =
  | 'too-large' | 'bad-character' | 'bad-line' | 'missing-line' | 'duplicate-line'
  | 'bad-version' | 'bad-origin' | 'bad-connection' | 'bad-time' | 'bad-media'
  | 'invalid-value' | 'no-common-media' | 'media-mismatch' | 'weaker-transport'
  | 'offer-pending' | 'no-offer'

/** Codes of a well-formed description that is unacceptable, as opposed to one that cannot be read. */
const UNACCEPTABLE: ReadonlySet<SdpErrorCode> = new Set<SdpErrorCode>(['no-common-media', 'media-mismatch', 'weaker-transport', 'no-offer'])

/** A fault of a session description: returned when a peer wrote it, thrown when the caller did. */
export class SdpError extends Error {
  override readonly name: string = 'SdpError'
  readonly code: SdpErrorCode
  /** Line of the description, from 1; 0 when the fault belongs to no line. */
  readonly line: number

  constructor(code: SdpErrorCode, message: string, line = 0) {
    super(line === 0 ? message : `${message} (line ${line})`)
    this.code = code
    this.line = line
  }

  /** The SIP status to refuse the offer with: 491 when ours is pending (RFC 3261 §14.2), 488 (§21.4.26) when it was understood, else 400. */
  get statusCode(): number {
    if (this.code === 'offer-pending') return 491
    return UNACCEPTABLE.has(this.code) ? 488 : 400
  }
}

/** The media of a call cannot be set up; `statusCode` is what to refuse the offer with (RFC 3261 §21.4.26). */
export class MediaError extends Error {
  override readonly name = 'MediaError'
  readonly code: string
  readonly statusCode: number

  constructor(code: string, message: string, statusCode: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.statusCode = statusCode
  }
}

/** Why a message or a value of the peer could not be read. */
export type ParseErrorCode =
  | 'empty'
  | 'start-line'
  | 'version'
  | 'header-line'
  | 'control-character'
  | 'missing-header'
  | 'duplicate-header'
  | 'header-value'
  | 'uri'
  | 'method-mismatch'
  | 'content-length'
  | 'body-length'
  | 'too-large'
  | 'too-many-fields'

/** Where a fault was found and how to answer it. */
export interface ParseErrorDetails<Request = unknown> {
  /** Byte offset in the message; for a value parsed alone, the offset in that text. */
  readonly offset?: number
  /** Canonical name of the header field at fault. */
  readonly header?: string | undefined
  /** The rule that was broken, e.g. `RFC 3261 §20.16`. */
  readonly section?: string
  /** Status code to answer with; 400 unless said otherwise. */
  readonly statusCode?: number
  /** What could be found of the request, enough to answer it. */
  readonly request?: Request | undefined
}

/** A fault of the peer: bytes that are not what the RFC asks for. `parse…` functions return it, accessors of single values throw it. */
export class ParseError<Request = unknown> extends Error {
  readonly code: ParseErrorCode
  readonly offset: number
  readonly header: string | undefined
  readonly section: string
  readonly statusCode: number
  readonly request: Request | undefined

  constructor(code: ParseErrorCode, message: string, details: ParseErrorDetails<Request> = {}) {
    super(message)
    this.name = 'ParseError'
    this.code = code
    this.offset = details.offset ?? 0
    this.header = details.header
    this.section = details.section ?? 'RFC 3261 §25.1'
    this.statusCode = details.statusCode ?? 400
    this.request = details.request
  }

  /** The same fault with more said about it. */
  with(details: ParseErrorDetails<Request>): ParseError<Request> {
    const { offset, header, section, statusCode, request } = this
    return new ParseError(this.code, this.message, { offset, header, section, statusCode, request, ...details })
  }
}

/** What the caller got wrong when building a message. */
export type BuildErrorCode = 'line-break' | 'token' | 'uri' | 'value' | 'status-code' | 'missing-header'

/** Misuse by the caller: text that may not stand in a SIP message, or a field that is not there. Thrown at the call that brings it in. */
export class BuildError extends Error {
  readonly code: BuildErrorCode
  readonly header: string | undefined

  constructor(code: BuildErrorCode, message: string, header?: string) {
    super(message)
    this.name = 'BuildError'
    this.code = code
    this.header = header
  }
}

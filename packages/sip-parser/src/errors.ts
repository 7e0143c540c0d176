/** Why a message or a value of the peer could not be read. */
export type ParseErrorCode =
  | 'empty' | 'start-line' | 'version' | 'header-line' | 'control-character' | 'missing-header' | 'duplicate-header' | 'header-value'
  | 'multipart' | 'too-deep' | 'too-many-parts'
  | 'uri' | 'method-mismatch' | 'content-length' | 'body-length' | 'too-large' | 'too-many-fields'
  | 'bare-line-feed' | 'no-empty-line'

/** The section of RFC 3261 behind each code. */
const sections: Readonly<Record<ParseErrorCode, string>> = {
  empty: '7.5', 'start-line': '7.1', version: '7.1', 'header-line': '7.3.1', 'control-character': '25.1', 'missing-header': '8.1.1', 'duplicate-header': '7.3.1', 'header-value': '25.1',
  multipart: '7.4.1', 'too-deep': '7.4.1', 'too-many-parts': '7.4.1',
  uri: '19.1.1', 'method-mismatch': '8.1.1.5', 'content-length': '20.14', 'body-length': '18.3', 'too-large': '21.5.7', 'too-many-fields': '21.5.7', 'bare-line-feed': '7.3.1', 'no-empty-line': '7',
}

/** What else is known of a fault. */
export interface ParseErrorDetails<Request = unknown> {
  readonly offset?: number
  /** Canonical name of the header field at fault. */
  readonly header?: string | undefined
  /** The rule that was broken, e.g. `RFC 3261 §20.16`. */
  readonly section?: string
  /** What could be found of the request, enough to answer it. */
  readonly request?: Request | undefined
}

/** A fault of the peer: bytes that are not what the RFC asks for. `parse…` functions return it, accessors of single values throw it. */
export class ParseError<Request = unknown> extends Error {
  override readonly name = 'ParseError'
  readonly code: ParseErrorCode
  /** Bytes from the start of the message; of a value parsed alone, characters from its start. */
  readonly offset: number
  readonly header: string | undefined
  /** The rule that was broken. */
  readonly section: string
  /** Status code to answer with, when the peer can be answered: 400, 505 or 513. */
  readonly statusCode: number
  /** The request, readable enough for `createResponse`; undefined for a response, an ACK, and when there is not enough of it. */
  readonly request: Request | undefined

  constructor(code: ParseErrorCode, offset: number, { header, section = `RFC 3261 §${sections[code]}`, request }: ParseErrorDetails<Request> = {}) {
    // ASCII without line breaks: it may be sent as a reason phrase.
    super(`${header ?? 'message'}: ${code.replaceAll('-', ' ')} (byte ${offset})`)
    this.code = code
    this.offset = offset
    this.header = header
    this.section = section
    this.statusCode = code === 'version' ? 505 : code.startsWith('too') ? 513 : 400
    this.request = request
  }

  /** The same fault with more said about it. */
  with(details: ParseErrorDetails<Request>): ParseError<Request> {
    const { header, section, request } = this
    return new ParseError(this.code, details.offset ?? this.offset, { header, section, request, ...details })
  }
}

/** What the caller got wrong when building a message. */
export type BuildErrorCode = 'line-break' | 'token' | 'value' | 'missing-header'

/** Misuse by the caller: text that may not stand in a SIP message, or a field that is not there. Thrown at the call that brings it in. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
  readonly code: BuildErrorCode
  /** The header field or part it was meant for. */
  readonly header: string | undefined

  constructor(code: BuildErrorCode, header: string | undefined, text: string) {
    super(`${header ?? 'text'}: ${code} ${JSON.stringify(text)}`)
    this.code = code
    this.header = header
  }
}

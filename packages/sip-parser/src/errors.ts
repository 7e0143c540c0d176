/** Why a message or a value of the peer could not be read. */
export type ParseErrorCode =
  | 'empty' | 'start-line' | 'version' | 'header-line' | 'control-character' | 'missing-header' | 'duplicate-header' | 'header-value'
  | 'uri' | 'method-mismatch' | 'content-length' | 'body-length' | 'too-large' | 'too-many-fields'

/** What each code means, and the section of RFC 3261 behind it. */
const faults: Readonly<Record<ParseErrorCode, readonly [meaning: string, section: string]>> = {
  empty: ['nothing but line ends', '7.5'],
  'start-line': ['start line cannot be read', '7.1'],
  version: ['SIP version is not 2.0', '7.1'],
  'header-line': ['line is not a header field', '7.3.1'],
  'control-character': ['control character', '25.1'],
  'missing-header': ['field is missing', '8.1.1'],
  'duplicate-header': ['field stands twice', '7.3.1'],
  'header-value': ['value cannot be read', '25.1'],
  uri: ['URI cannot be read', '19.1.1'],
  'method-mismatch': ['method is not that of the start line', '8.1.1.5'],
  'content-length': ['length cannot be read', '20.14'],
  'body-length': ['body does not have the announced size', '18.3'],
  'too-large': ['limit is exceeded', '21.5.7'],
  'too-many-fields': ['too many header fields', '21.5.7'],
}

/** Where a fault was found and how to answer it. */
export interface ParseErrorDetails<Request = unknown> {
  /** Canonical name of the header field at fault. */
  readonly header?: string | undefined
  /** The rule that was broken, e.g. `RFC 3261 §20.16`. */
  readonly section?: string
  /** Status code to answer with. */
  readonly statusCode?: number
  /** What could be found of the request, enough to answer it. */
  readonly request?: Request | undefined
}

/** A fault of the peer: bytes that are not what the RFC asks for. `parse…` functions return it, accessors of single values throw it. */
export class ParseError<Request = unknown> extends Error {
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

  constructor(code: ParseErrorCode, offset: number, details: ParseErrorDetails<Request> = {}) {
    const [meaning, section] = faults[code]
    super(`${details.header === undefined ? '' : `${details.header}: `}${meaning} (byte ${offset})`)
    this.name = 'ParseError'
    this.code = code
    this.offset = offset
    this.header = details.header
    this.section = details.section ?? `RFC 3261 §${section}`
    this.statusCode = details.statusCode ?? (code === 'version' ? 505 : code.startsWith('too') ? 513 : 400)
    this.request = details.request
  }

  /** The same fault with more said about it. */
  with(details: ParseErrorDetails<Request>): ParseError<Request> {
    const { header, section, statusCode, request } = this
    return new ParseError(this.code, this.offset, { header, section, statusCode, request, ...details })
  }
}

/** What the caller got wrong when building a message. */
export type BuildErrorCode = 'line-break' | 'token' | 'value' | 'missing-header'

/** Misuse by the caller: text that may not stand in a SIP message, or a field that is not there. Thrown at the call that brings it in. */
export class BuildError extends Error {
  readonly code: BuildErrorCode
  /** The header field or part it was meant for. */
  readonly header: string | undefined

  constructor(code: BuildErrorCode, header: string | undefined, text: string) {
    super(`${header ?? 'text'}: ${code} ${JSON.stringify(text)}`)
    this.name = 'BuildError'
    this.code = code
    this.header = header
  }
}

import { ParseError as GenericParseError } from './errors.js'
import type { SipRequest } from './request.js'

/** A fault of the peer. `request` is there when a broken request can still be answered with `createResponse`. */
export type ParseError = GenericParseError<SipRequest>
export const ParseError: typeof GenericParseError<SipRequest> = GenericParseError

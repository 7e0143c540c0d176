import { escapeCharacter, escapeHeader, escapeParameter, escapePassword, escapeUser, unescape } from '../escapes.js'
import { SipUri } from './sip-uri.js'
import { splitHeaders } from './uri-headers.js'

/** Names and values, without escapes. */
export type DecodedList = Iterable<readonly [name: string, value: string]>

/** The parts of a SIP or SIPS URI as people read them, without escapes (RFC 3261 §19.1.2). */
export interface DecodedSipUri {
  readonly scheme?: 'sip' | 'sips'
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** An IPv6 address in its brackets. */
  readonly host: string
  readonly port?: number | undefined
  /** The value of a flag is ''. */
  readonly parameters?: DecodedList
  /** Header fields for the request to be made from the URI; the name `body` stands for its body (RFC 3261 §19.1.5). */
  readonly headers?: DecodedList
}

/** The parts of the URI with their escapes undone, each after it was told from the others: an escaped `@` or `&` separates nothing. */
export function decodeSipUri(uri: SipUri): Required<DecodedSipUri> & { readonly parameters: readonly [string, string][]; readonly headers: readonly [string, string][] } {
  const { scheme, user, password, host, port, parameters, headers } = uri
  return {
    scheme, user: user && unescape(user), password: password && unescape(password), host, port,
    parameters: Array.from(parameters, ([name, value]) => [unescape(name), unescape(value)]),
    headers: splitHeaders(headers ?? ''),
  }
}

/** Builds a URI from parts without escapes; each part gets those it needs (RFC 3261 §25.1). Throws BuildError for a host or port that is none and for an empty user. */
export function encodeSipUri(parts: DecodedSipUri): SipUri {
  const { user, password, parameters = [], headers = [] } = parts
  const query = Array.from(headers, ([name, value]) => `${escapeHeader(name)}=${escapeHeader(value)}`).join('&')
  return SipUri.of({
    ...parts, user: user && escapeUser(user), password: password && escapePassword(password),
    // A name is a token, too.
    parameters: Array.from(parameters, ([name, value]) => [name.replaceAll(/[^\w\-.!~*'+]/gu, escapeCharacter), escapeParameter(value)]),
    headers: query === '' ? undefined : query,
  })
}

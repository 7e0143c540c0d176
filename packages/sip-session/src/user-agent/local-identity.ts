import { NameAddr, Parameters, SipUri, parseUri } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import { SessionError } from '../errors.js'
import type { ExtraHeaders } from '../session/session.js'

/** Methods that a user agent of ours answers by itself (RFC 3261 §20.5). */
export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, UPDATE'
/** Extensions that a peer may require of us (RFC 3261 §20.37). None yet. */
export const SUPPORTED: readonly string[] = []
/** Bodies that offers and answers come in. */
export const ACCEPT = 'application/sdp'

/** Requests that make or refresh the remote target, and so carry a Contact (RFC 3261 §8.1.1.8, RFC 6141 §3). */
const TARGETING = ['INVITE', 'UPDATE', 'SUBSCRIBE', 'REFER', 'NOTIFY']

export interface LocalIdentityOptions {
  readonly identity: string
  readonly displayName?: string
  readonly userAgent?: string
  readonly headers?: ExtraHeaders
}

/** Who we are, and what our messages say about us. */
export class LocalIdentity {
  readonly uri: SipUri
  /** From value without a tag. */
  readonly address: NameAddr
  readonly #userAgent: string | undefined
  readonly #headers: readonly (readonly [string, string])[]

  /** @throws {SessionError} `bad-identity` */
  constructor(options: LocalIdentityOptions) {
    this.uri = addressOfRecord(options.identity)
    this.#userAgent = options.userAgent
    this.#headers = headerList(options.headers)
    this.address = NameAddr.of({ uri: this.uri, displayName: options.displayName })
  }

  /** Our Contact URI for a peer behind `flow`. */
  contactUri(flow: Flow): string {
    const user = this.uri.user === undefined ? '' : `${this.uri.user}@`
    const transport = flow.transport === 'UDP' ? '' : `;transport=${flow.transport === 'WSS' ? 'ws' : flow.transport.toLowerCase()}`
    return `sip:${user}${flow.sentBy}${transport}`
  }

  /** Whether a Request-URI names our user. */
  owns(user: string | undefined): boolean {
    return user === this.uri.decodedUser
  }

  /** Adds to a request what depends on us and on the flow, where the application has not set it. */
  dressRequest(request: SipRequest, flow: Flow): void {
    const { headers, method } = request
    if (TARGETING.includes(method) && !headers.has('Contact')) headers.append('Contact', `<${this.contactUri(flow)}>`)
    if (method === 'INVITE' || method === 'UPDATE' || method === 'OPTIONS') {
      if (!headers.has('Allow')) headers.append('Allow', ALLOW)
      // As a caller we acknowledge reliable provisional responses (RFC 3262 §4).
      if (method === 'INVITE' && !headers.has('Supported')) headers.append('Supported', '100rel')
      if (method === 'OPTIONS' && !headers.has('Accept')) headers.append('Accept', ACCEPT)
    }
    if (this.#userAgent !== undefined && !headers.has('User-Agent')) headers.append('User-Agent', this.#userAgent)
    for (const [name, value] of this.#headers) if (!headers.has(name)) headers.append(name, value)
  }

  /** Adds to a response what depends on us and on the flow. */
  dressResponse(response: SipResponse, flow: Flow): void {
    const { headers, statusCode } = response
    const { method } = response.cseq
    if (statusCode > 100 && statusCode < 300 && TARGETING.includes(method)) {
      if (!headers.has('Contact')) headers.append('Contact', `<${this.contactUri(flow)}>`)
      if (statusCode >= 200 && (method === 'INVITE' || method === 'UPDATE') && !headers.has('Allow')) headers.append('Allow', ALLOW)
    } else if ((statusCode === 405 || (method === 'OPTIONS' && statusCode >= 200 && statusCode < 300)) && !headers.has('Allow')) headers.append('Allow', ALLOW)
    if (this.#userAgent !== undefined && !headers.has('Server')) headers.append('Server', this.#userAgent)
  }
}

/** Header fields as a list of single values. */
export function headerList(headers: ExtraHeaders | undefined): [string, string][] {
  const list: [string, string][] = []
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (Array.isArray(value)) for (const one of value as readonly unknown[]) list.push([name, String(one)])
    else list.push([name, String(value)])
  }
  return list
}

function addressOfRecord(text: string): SipUri {
  const parsed = parseUri(/^sips?:/i.test(text) ? text : `sip:${text}`)
  if (!parsed.ok || !(parsed.value instanceof SipUri)) throw new SessionError('bad-identity', `Not a SIP address: ${text}`, parsed.ok ? undefined : parsed.error)
  return parsed.value.with({ parameters: Parameters.empty })
}

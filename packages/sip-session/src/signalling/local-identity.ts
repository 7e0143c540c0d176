import { NameAddr, Parameters, SipUri, parseUri } from '@offhook/sip-parser'
import type { HeaderFields, SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import { SessionError } from '../errors.js'
import type { ExtraHeaders } from '../session/session.js'
import type { Announcement } from './announcement.js'

/** Methods that a user agent of ours answers by itself (RFC 3261 §20.5). */
const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'MESSAGE', 'UPDATE']
/** Bodies that offers and answers come in. */
export const SDP = 'application/sdp'

/** Requests that make or refresh the remote target, and so carry a Contact (RFC 3261 §8.1.1.8, RFC 6141 §3). */
const TARGETING = ['INVITE', 'UPDATE', 'SUBSCRIBE', 'REFER', 'NOTIFY']

/** Requests that say what we can do, and so do the 2xx to them (RFC 3261 §20.5). */
const DESCRIBING_US = ['INVITE', 'UPDATE', 'OPTIONS']

export interface LocalIdentityOptions {
  readonly extensions?: readonly Announcement[]
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
  /** Methods that this agent takes, as a list and as Allow says them. */
  readonly methods: readonly string[]
  readonly allow: string
  /** Option tags that it supports beyond 100rel, which callers have. */
  readonly supported: readonly string[]
  /** Types of bodies, as Accept says them. */
  readonly accept: string
  /** What Supported says in an INVITE: as a caller every agent acknowledges reliable provisional responses (RFC 3262 §4). */
  readonly #offered: string | undefined
  readonly #extensions: readonly Announcement[]
  readonly #userAgent: string | undefined
  readonly #headers: readonly (readonly [string, string])[]

  /** @throws {SessionError} `bad-identity` */
  constructor(options: LocalIdentityOptions) {
    this.uri = addressOfRecord(options.identity)
    const extensions = (this.#extensions = options.extensions ?? [])
    // Two features may need the same.
    this.methods = [...new Set([...ALLOW, ...extensions.flatMap(({ allow }) => allow ?? [])])]
    this.allow = this.methods.join(', ')
    this.supported = extensions.flatMap(({ supported }) => supported ?? [])
    const withdrawn = extensions.flatMap((extension) => extension.withdrawn ?? [])
    const offered = [...new Set(['100rel', '199', ...this.supported])].filter((tag) => !withdrawn.includes(tag))
    this.#offered = offered.length > 0 ? offered.join(', ') : undefined
    this.accept = [SDP, ...extensions.flatMap(({ accept }) => accept ?? [])].join(', ')
    this.#userAgent = options.userAgent
    this.#headers = headerList(options.headers)
    this.address = NameAddr.of({ uri: this.uri, displayName: options.displayName })
  }

  /** Our Contact URI for a peer behind `flow`: of SIPS where what is asked for is (RFC 3261 §8.1.1.8, §12.1.1). */
  contactUri(flow: Flow, secure = false): string {
    const user = this.uri.user === undefined ? '' : `${this.uri.user}@`
    return `${secure ? 'sips' : 'sip'}:${user}${flow.sentBy}${transportOf(flow, secure)}`
  }

  /** Whether a Request-URI names our user. */
  owns(user: string | undefined): boolean {
    return user === this.uri.decodedUser
  }

  /** Adds to a request what depends on us and on the flow, where the application has not set it. */
  dressRequest(request: SipRequest, flow: Flow): void {
    const { headers, method } = request
    for (const extension of this.#extensions) extension.dress?.(request)
    if (TARGETING.includes(method)) add(headers, 'Contact', `<${this.contactUri(flow, isSecure(request))}>`)
    if (DESCRIBING_US.includes(method)) add(headers, 'Allow', this.allow)
    if (method === 'INVITE') add(headers, 'Supported', this.#offered)
    if (method === 'OPTIONS') add(headers, 'Accept', this.accept)
    add(headers, 'User-Agent', this.#userAgent)
    for (const [name, value] of this.#headers) add(headers, name, value)
  }

  /** Adds to a response what depends on us and on the flow. `secure`: the peer is reached by SIPS. */
  dressResponse(response: SipResponse, flow: Flow, secure = false): void {
    const { headers, statusCode, cseq: { method } } = response
    for (const extension of this.#extensions) extension.dress?.(response)
    // A reliable 1xx says what we can, too: UPDATE may follow it (RFC 3311 §4).
    const telling = (statusCode >= 200 && statusCode < 300) || headers.has('RSeq')
    if (statusCode > 100 && statusCode < 300 && TARGETING.includes(method)) add(headers, 'Contact', `<${this.contactUri(flow, secure)}>`)
    if (telling && this.supported.length > 0 && DESCRIBING_US.includes(method)) add(headers, 'Supported', this.supported.join(', '))
    if (statusCode === 405 || (telling && DESCRIBING_US.includes(method))) add(headers, 'Allow', this.allow)
    add(headers, 'Server', this.#userAgent)
  }
}

/** Whether a request goes by SIPS: its target does, or its first route. */
function isSecure({ requestUri, headers }: SipRequest): boolean {
  return requestUri.scheme === 'sips' || /^[^,]*<sips:/i.test(headers.get('Route') ?? '')
}

/** The parameter that leads back to a flow. SIPS means TLS where nothing is said (RFC 3261 §26.2.2). */
function transportOf({ transport }: Flow, secure: boolean): string {
  if (transport === 'UDP' || (secure && transport === 'TLS')) return ''
  return `;transport=${transport === 'WSS' ? 'ws' : transport.toLowerCase()}`
}

function add(headers: HeaderFields, name: string, value: string | undefined): void {
  if (value !== undefined && !headers.has(name)) headers.append(name, value)
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

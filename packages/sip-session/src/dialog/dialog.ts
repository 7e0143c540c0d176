import { createRequest, legible, parseNameAddr, parseUri } from '@offhook/sip-parser'
import type { HeaderValue, NameAddr, SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import { SessionError } from '../errors.js'
import type { DialogSnapshot } from './dialog-snapshot.js'
import { ownText } from './own-text.js'
import { routeRequest } from './route-set.js'

/** What the creator of an in-dialog request adds. */
export interface DialogRequest {
  readonly headers?: Iterable<readonly [string, HeaderValue]> | undefined
  readonly body?: Uint8Array | string | undefined
  readonly contentType?: string | undefined
}

/** What a dialog keeps of the request of ours that made it. */
export interface DialogOrigin {
  readonly localTag: string
  /** From value, with its tag. */
  readonly localAddress: string
  readonly requestUri: string
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** The largest sequence number that may be sent (RFC 3261 §8.1.1.5). */
const SEQUENCE_LIMIT = 2 ** 31

/**
 * The peer-to-peer relationship of two user agents (RFC 3261 §12): identity, sequence numbers, route set, remote target.
 *
 * A value without timers and without messages: it keeps texts, and parses them when asked.
 */
export class Dialog {
  readonly #state: Mutable<DialogSnapshot>

  private constructor(state: DialogSnapshot) {
    this.#state = state
  }

  /** The dialog that a response to our request makes (RFC 3261 §12.1.2). Its sequence is the response's, challenges counted in. */
  static ofResponse(request: DialogOrigin, response: SipResponse): Dialog {
    return new Dialog({
      version: 1,
      state: response.statusCode < 200 ? 'early' : 'confirmed',
      role: 'uac',
      callId: ownText(response.callId),
      localTag: request.localTag,
      remoteTag: ownText(response.to.tag ?? ''),
      localAddress: request.localAddress,
      remoteAddress: ownText(response.headers.get('To') ?? ''),
      localSequence: response.cseq.sequence,
      remoteTarget: targetOf(response) ?? request.requestUri,
      routeSet: routesOf(response).reverse(),
      secure: request.requestUri.startsWith('sips:'),
    })
  }

  /** What {@link Dialog.ofResponse} has to know of a request. */
  static originOf(request: SipRequest): DialogOrigin {
    return { localTag: request.from.tag ?? '', localAddress: request.headers.get('From') ?? '', requestUri: String(request.requestUri) }
  }

  /** The dialog that our response with `localTag` to the peer's `request` makes (RFC 3261 §12.1.1). */
  static ofRequest(request: SipRequest, localTag: string): Dialog {
    return new Dialog({
      version: 1,
      state: 'early',
      role: 'uas',
      callId: ownText(request.callId),
      localTag,
      remoteTag: ownText(request.from.tag ?? ''),
      localAddress: ownText(`${request.headers.get('To') ?? ''};tag=${localTag}`),
      remoteAddress: ownText(request.headers.get('From') ?? ''),
      localSequence: 0,
      remoteSequence: request.cseq.sequence,
      remoteTarget: targetOf(request) ?? ownText(String(request.from.uri)),
      routeSet: routesOf(request),
      secure: String(request.requestUri).startsWith('sips:'),
    })
  }

  /** The dialog that the peer's first NOTIFY makes for our SUBSCRIBE or REFER with that sequence number (RFC 6665 §4.4.1). */
  static ofNotify(request: DialogOrigin, notify: SipRequest, localSequence: number): Dialog {
    return new Dialog({
      version: 1,
      state: 'confirmed',
      role: 'uac',
      callId: ownText(notify.callId),
      localTag: request.localTag,
      remoteTag: ownText(notify.from.tag ?? ''),
      localAddress: request.localAddress,
      remoteAddress: ownText(notify.headers.get('From') ?? ''),
      localSequence,
      remoteTarget: targetOf(notify) ?? request.requestUri,
      routeSet: routesOf(notify),
      secure: request.requestUri.startsWith('sips:'),
    })
  }

  /** @throws {SessionError} `bad-snapshot` for a shape of another version. */
  static restore(snapshot: DialogSnapshot): Dialog {
    if ((snapshot as { version: number }).version !== 1) throw new SessionError('bad-snapshot', 'The snapshot of the dialog is of another version.')
    return new Dialog({ ...snapshot })
  }

  /** The key under which a received request finds its dialog (RFC 3261 §12.2.2). */
  static idOf(callId: string, localTag: string, remoteTag: string): string {
    return `${callId}\n${localTag}\n${remoteTag}`
  }

  get id(): string {
    return Dialog.idOf(this.#state.callId, this.#state.localTag, this.#state.remoteTag)
  }

  get state(): DialogSnapshot['state'] {
    return this.#state.state
  }

  get role(): DialogSnapshot['role'] {
    return this.#state.role
  }

  get callId(): string {
    return this.#state.callId
  }

  get localTag(): string {
    return this.#state.localTag
  }

  get remoteTag(): string {
    return this.#state.remoteTag
  }

  get localUri(): Uri {
    return addressOf(this.#state.localAddress).uri
  }

  get remoteUri(): Uri {
    return addressOf(this.#state.remoteAddress).uri
  }

  /** The peer's name and URI as its From or To gave them. */
  get remoteAddress(): NameAddr {
    return addressOf(this.#state.remoteAddress)
  }

  get localSequence(): number {
    return this.#state.localSequence
  }

  get remoteTarget(): Uri {
    return uriOf(this.#state.remoteTarget)
  }

  get routeSet(): readonly string[] {
    return this.#state.routeSet
  }

  get secure(): boolean {
    return this.#state.secure
  }

  /** Whether our Contact is to be of SIPS: the dialog is secure, or its first hop is reached by SIPS (RFC 3261 §12.1.1). */
  get wantsSecureContact(): boolean {
    return this.#state.secure || (this.#state.routeSet[0] ?? this.#state.remoteTarget).replace(/^</, '').startsWith('sips:')
  }

  /** The URI that requests are sent to: the topmost route, else the remote target (RFC 3261 §8.1.2, §12.2.1.1). */
  get nextHop(): string {
    return routeRequest(this.#state.remoteTarget, this.#state.routeSet).nextHop
  }

  /** Takes the next sequence number of this side, also for the request that answers a challenge. */
  nextSequence(): number {
    this.#state.localSequence = (this.#state.localSequence + 1) % SEQUENCE_LIMIT
    return this.#state.localSequence
  }

  /** A request in this dialog with a new sequence number, without Via and Contact (RFC 3261 §12.2.1.1). */
  createRequest(method: string, added: DialogRequest = {}): SipRequest {
    return this.#create(method, this.nextSequence(), added)
  }

  /** The ACK to a 2xx: it has the number of the INVITE that the 2xx answers (RFC 3261 §13.2.2.4). */
  createAck(sequence: number, added: DialogRequest = {}): SipRequest {
    return this.#create('ACK', sequence, added)
  }

  /** Whether a received request is in order; its number counts from then on. Out of order deserves 500 (RFC 3261 §12.2.2). */
  accepts(request: SipRequest): boolean {
    const { sequence } = request.cseq
    if (this.#state.remoteSequence !== undefined && sequence <= this.#state.remoteSequence) return false
    this.#state.remoteSequence = sequence
    return true
  }

  /** Takes a new remote target out of the Contact of an accepted request or of its response (RFC 3261 §12.2, RFC 6141 §3). */
  refresh(message: SipRequest | SipResponse): void {
    const remoteTarget = targetOf(message)
    if (remoteTarget !== undefined && remoteTarget !== this.#state.remoteTarget) this.#state.remoteTarget = remoteTarget
  }

  /** Becomes confirmed; the 2xx to our INVITE sets the route set anew (RFC 3261 §13.2.2.4). */
  confirm(response?: SipResponse): void {
    if (this.#state.state === 'terminated') return
    this.#state.state = 'confirmed'
    if (response === undefined) return
    this.#state.routeSet = routesOf(response).reverse()
    this.refresh(response)
  }

  terminate(): void {
    this.#state.state = 'terminated'
  }

  snapshot(): DialogSnapshot {
    return { ...this.#state, routeSet: [...this.#state.routeSet] }
  }

  #create(method: string, sequence: number, added: DialogRequest): SipRequest {
    const { callId, localAddress, remoteAddress, remoteTarget, routeSet } = this.#state
    const { requestUri, routes } = routeRequest(remoteTarget, routeSet)
    const headers: (readonly [string, HeaderValue])[] = [['Max-Forwards', 70]]
    for (const route of routes) headers.push(['Route', route])
    headers.push(['From', localAddress], ['To', remoteAddress], ['Call-ID', callId], ['CSeq', `${sequence} ${method}`])
    for (const header of added.headers ?? []) headers.push(header)
    return createRequest({ method, requestUri, headers, body: added.body, contentType: added.contentType })
  }
}

/** The Contact URI of a message, `undefined` when it has none that can be read. */
function targetOf(message: SipRequest | SipResponse): string | undefined {
  const contact = legible(() => message.contact)
  return contact && ownText(String(contact.uri))
}

/** The Record-Route values of a message; none when they cannot be read. */
function routesOf(message: SipRequest | SipResponse): string[] {
  return message.headers.has('Record-Route') ? (legible(() => message.recordRoute.map((route) => ownText(String(route)))) ?? []) : []
}

function addressOf(text: string): NameAddr {
  const parsed = parseNameAddr(text)
  if (!parsed.ok) throw new SessionError('bad-snapshot', `Not an address: ${text}`, parsed.error)
  return parsed.value
}

function uriOf(text: string): Uri {
  const parsed = parseUri(text)
  if (!parsed.ok) throw new SessionError('bad-snapshot', `Not a URI: ${text}`, parsed.error)
  return parsed.value
}

import { parseSdpFragment, SDP_FRAGMENT_TYPE } from '@offhook/sip-sdp'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import type { Call, ExtendedCall, Extension, IncomingRequest } from '@offhook/sip-session'
import type { PeerConnectionDescriptionHandler } from '../peer-connection-description-handler.js'
import { type Timers, timersOf } from '../platform.js'
import { CallTrickle } from './call-trickle.js'

/** The option tag, and the INFO package (RFC 8840 §10). */
const TRICKLE = 'trickle-ice'

/** How calls of ours begin. */
export interface TrickleIceOptions {
  /**
   * `half` (default): our first offer is complete, as for peers of which nothing is known (RFC 8840 §5.3). `full`: it waits for nothing
   * and requires that the peer trickles (§5.1); a peer that does not gets it again with what has been found meanwhile.
   */
  readonly mode?: 'half' | 'full' | undefined
  readonly timers?: Timers | undefined
}

/** A feature of `Softphone` that is an extension of its user agent as well. */
export interface TrickleIceFeature {
  (call: Call, media: PeerConnectionDescriptionHandler): CallTrickle
  readonly extension: Extension
}

/** What is known of a call before and while it has media. */
interface Entry {
  trickle: CallTrickle | undefined
  does: boolean
  isReady: boolean
  /** Whether the peer has refused our offer because it cannot trickle. */
  isRefused: boolean
}

/** Network addresses go to the peer as they are found, in INFO requests (RFC 8840): nobody waits for the slowest one. */
export function trickleIce({ mode = 'half', timers = timersOf({}) }: TrickleIceOptions = {}): TrickleIceFeature {
  const extension = new TrickleExtension(mode)
  const feature = (call: Call, media: PeerConnectionDescriptionHandler): CallTrickle => {
    const trickle = new CallTrickle(call, media, timers, mode === 'full' && call.direction === 'outgoing')
    extension.connect(call.id, trickle)
    return trickle
  }
  return Object.assign(feature, { extension })
}

/** Says that we trickle, learns who else does, and takes the INFO requests. */
class TrickleExtension implements Extension {
  readonly supported: readonly string[] = [TRICKLE]
  readonly #mode: 'half' | 'full'
  readonly #entries = new Map<string, Entry>()
  #lastHeard: SipMessage | undefined

  constructor(mode: 'half' | 'full') {
    this.#mode = mode
  }

  /** The media of a call are there. */
  connect(callId: string, trickle: CallTrickle): void {
    const entry = this.#entries.get(callId)
    if (entry === undefined) return
    entry.trickle = trickle
    if (entry.does) trickle.peerTrickles(true)
    if (entry.isReady) trickle.ready()
  }

  dress(message: SipRequest | SipResponse): void {
    dress(message, this.#mode === 'full' && this.#entries.get(message.callId)?.isRefused !== true)
  }

  heard(message: SipMessage): void {
    if (message.cseq.method !== 'INVITE') return
    this.#lastHeard = message
    const entry = this.#entries.get(message.callId)
    if (entry === undefined || message.kind !== 'response' || message.statusCode === 100 || message.statusCode >= 300) return
    // A 1xx may leave unsaid what the 2xx says.
    if (message.statusCode >= 200 || trickles(message)) learn(entry, trickles(message))
    if (message.statusCode >= 200 || message.body.length > 0) ready(entry)
  }

  began(call: ExtendedCall): void {
    const { id, direction } = call.origin
    const entry: Entry = { trickle: undefined, does: false, isReady: false, isRefused: false }
    this.#entries.set(id, entry)
    if (direction === 'incoming' && this.#lastHeard?.callId === id) learn(entry, trickles(this.#lastHeard))
    this.#lastHeard = undefined
    void call.answered.then(({ answered }) => {
      if (answered) ready(entry)
    })
    void call.ended.then(() => this.#entries.delete(id))
  }

  retry({ request, response }: { readonly request: SipRequest; readonly response: SipResponse | undefined }): { readonly request: SipRequest } | undefined {
    const entry = this.#entries.get(request.callId)
    if (entry === undefined || request.method !== 'INVITE' || response?.statusCode !== 420 || !lists(response, 'Unsupported')) return undefined
    entry.isRefused = true
    entry.trickle?.peerTrickles(false)
    return { request: withoutRequirement(request, entry.trickle?.offerNow) }
  }

  inside(call: ExtendedCall, _: unknown, info: IncomingRequest): boolean {
    const { request } = info
    const entry = this.#entries.get(call.origin.id)
    if (entry === undefined || request.method !== 'INFO' || request.headers.get('Info-Package')?.trim().toLowerCase() !== TRICKLE) return false
    const type = request.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase()
    const fragment = type === SDP_FRAGMENT_TYPE ? parseSdpFragment(request.body) : undefined
    if (fragment === undefined) info.reject({ statusCode: 415, headers: { Accept: SDP_FRAGMENT_TYPE } })
    else if (!fragment.ok) info.reject({ statusCode: 400 })
    else {
      info.accept()
      entry.trickle?.take(fragment.value)
      ready(entry)
    }
    return true
  }
}

function learn(entry: Entry, does: boolean): void {
  entry.does = does
  entry.trickle?.peerTrickles(does)
}

function ready(entry: Entry): void {
  entry.isReady = true
  entry.trickle?.ready()
}

/** Whether who wrote this trickles, and takes the INFO requests for it. */
function trickles(message: SipMessage): boolean {
  return lists(message, 'Supported') && lists(message, 'Recv-Info')
}

/** Where an INVITE, or a response to it, says which INFO packages it takes (RFC 6086 §5.2.3), and whether trickling is a must. */
function dress(message: SipRequest | SipResponse, requires: boolean): void {
  if (message.cseq.method !== 'INVITE') return
  if (message.kind === 'response') {
    if (message.statusCode > 100 && message.statusCode < 300) message.headers.append('Recv-Info', TRICKLE)
    return
  }
  message.headers.append('Recv-Info', TRICKLE)
  if (requires && message.to.tag === undefined) message.headers.append('Require', TRICKLE)
}

function withoutRequirement(request: SipRequest, offer: string | undefined): SipRequest {
  const again = request.clone()
  const others = again.headers.getAll('Require').join(',').split(',').map((tag) => tag.trim()).filter((tag) => tag !== '' && tag.toLowerCase() !== TRICKLE)
  again.headers.delete('Require')
  if (others.length > 0) again.headers.append('Require', others.join(', '))
  if (offer !== undefined) again.body = new TextEncoder().encode(offer)
  return again
}

function lists(message: SipMessage, name: string): boolean {
  return message.headers.getAll(name).some((value) => value.split(',').some((tag) => tag.trim().toLowerCase() === TRICKLE))
}

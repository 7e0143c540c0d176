import { parseNameAddrs } from '@offhook/sip-parser'
import type { SipRequest, SipUri, Uri } from '@offhook/sip-parser'
import { TransportError, sameHost } from '@offhook/sip-transport'
import type { Flow, Locate, Target } from '@offhook/sip-transport'
import { isSipUri } from '../domains.js'
import type { FlowTable } from '../flow-table.js'
import type { Binding } from '../location/binding.js'
import type { MaybePromise } from '../maybe-promise.js'
import { isDialable } from './forward-target.js'
import type { ForwardTarget } from './forward-target.js'

export interface ReachabilityOptions {
  readonly flows: FlowTable
  readonly locate: Locate
  readonly connect: (target: Target) => Promise<Flow>
}

/** A flow to a next hop, and where else it may be reached if that leads nowhere (RFC 3263 §4.3). */
export interface Reached {
  readonly flow: Flow
  /** What was dialled; absent for a connection that the peer opened. */
  readonly target?: Target
  readonly others: readonly Target[]
}

const NO_TARGETS: readonly Target[] = []

/** How peers are reached: over the flow they came by, or by dialling what they say of themselves. */
export class Reachability {
  readonly #options: ReachabilityOptions

  constructor(options: ReachabilityOptions) {
    this.#options = options
  }

  /** A flow for a copy of a request: the target's own while it stands, else the next hop's (RFC 3261 §16.6, 7; RFC 5626 §5.3.1). */
  reach(target: ForwardTarget, nextHop: Uri): MaybePromise<Reached | 'unreachable' | 'flow-gone'> {
    if (target.flow !== undefined) {
      const found = this.#options.flows.find(target.flow)
      if (found.kind === 'flow') return { flow: found.flow, others: NO_TARGETS }
      if (found.kind === 'target') return this.reachOne([found.target])
      if (!target.dialable) return 'flow-gone'
    }
    if (!isSipUri(nextHop) || !isDialable(nextHop)) return 'unreachable'
    return this.#options.locate(nextHop).then((targets) => this.reachOne(targets), () => 'unreachable' as const)
  }

  /** A flow to the first of these that can be reached. */
  async reachOne(targets: readonly Target[]): Promise<Reached | 'unreachable'> {
    for (const [index, target] of targets.entries()) {
      try {
        return { flow: await this.#options.connect(target), target, others: targets.slice(index + 1) }
      } catch (error) {
        // The next address in the list may answer.
        if (!(error instanceof TransportError && error.code === 'no-adapter')) this.failed(target)
      }
    }
    return 'unreachable'
  }

  /** A target could not be reached, did not answer or answered 503, which may have said for how long, in ms. */
  failed(target: Target, retryAfter?: number): void {
    this.#options.locate.failed?.(target, retryAfter)
  }

  flowState(name: string): 'secure' | 'plain' | 'gone' {
    const found = this.#options.flows.find(name)
    if (found.kind !== 'flow') return found.kind === 'gone' ? 'gone' : 'plain'
    return found.flow.transport === 'TLS' || found.flow.transport === 'WSS' ? 'secure' : 'plain'
  }

  /**
   * How a contact registered by `request` is reached (RFC 5626 §6): over the connection that the client opened, and by
   * dialling too where it names the address it came from. A registration through other proxies is left to their Path.
   */
  reachOfContact(request: SipRequest, flow: Flow, contact: SipUri): Pick<Binding, 'flow' | 'dialable'> {
    if (request.vias.length > 1) return { dialable: true }
    if (!flow.reliable) return isTranslated(request, flow, contact) ? { flow: this.#options.flows.nameOf(flow), dialable: false } : { dialable: true }
    return { flow: this.#options.flows.nameOf(flow), dialable: isDialable(contact) && sameHost(contact.host, flow.remote.host) }
  }

  /** The name to put into Record-Route for the sender of `received`; `undefined` when its contact can be dialled. */
  pinOf(flow: Flow, received: SipRequest): string | undefined {
    if (flow.reliable) return flow.direction === 'inbound' ? this.#options.flows.nameOf(flow) : undefined
    const contact = readContact(received)
    return contact !== undefined && isTranslated(received, flow, contact) ? this.#options.flows.nameOf(flow) : undefined
  }
}

/** A Contact that cannot be read is left to those whom it concerns (RFC 3261 §16.3, 1). */
function readContact(request: SipRequest): SipUri | undefined {
  const parsed = parseNameAddrs(request.headers.get('Contact') ?? '')
  const uri = parsed.ok ? parsed.value[0]?.uri : undefined
  return uri !== undefined && isSipUri(uri) ? uri : undefined
}

/**
 * Whether a datagram client stands behind a NAT: it wants answers where it sends from (RFC 3581), that is not where its
 * Via says it is, and its contact says the same as its Via.
 */
function isTranslated(request: SipRequest, flow: Flow, contact: SipUri): boolean {
  if (!isDialable(contact)) return true
  const { via } = request
  if (typeof via.rport !== 'number' || request.vias.length > 1 || !sameHost(contact.host, via.host)) return false
  return !sameHost(via.host, flow.remote.host) || (via.port ?? 5060) !== flow.remote.port
}

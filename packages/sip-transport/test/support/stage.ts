import { VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import type { SipMessage } from '@offhook/sip-parser'
import { TransportLayer } from '../../src/index.js'
import type { Adapter, Endpoint, Flow, Target, TransportError, TransportLayerOptions, TransportName } from '../../src/index.js'
import { createMemoryNetwork } from '../../src/memory/index.js'
import type { MemoryNetwork } from '../../src/memory/index.js'

/** A layer under test, with what came out of it. */
export interface Node {
  readonly layer: TransportLayer
  readonly received: { readonly message: SipMessage; readonly flow: Flow }[]
  readonly closed: { readonly flow: Flow; readonly error: TransportError | undefined }[]
}

/** A peer without a layer: it sends octets and keeps what it gets. */
export interface Peer {
  readonly adapter: Adapter
  readonly flows: Flow[]
  readonly received: string[]
  /** Where each of them came from. */
  readonly senders: Endpoint[]
  readonly closed: Flow[]
}

/** A network in virtual time. */
export class Stage {
  readonly clock = new VirtualClock()
  readonly network: MemoryNetwork = createMemoryNetwork({ clock: this.clock })

  node(host: string, transports: readonly TransportName[], options: Partial<TransportLayerOptions> = {}): Node {
    const received: Node['received'] = []
    const closed: Node['closed'] = []
    const layer = new TransportLayer({
      adapters: transports.map((transport) => this.network.adapter(transport, host)), clock: this.clock, random: seededRandom(1),
      receive: (message, flow) => received.push({ message, flow }),
      closed: (flow, error) => closed.push({ flow, error }),
      ...options,
    })
    return { layer, received, closed }
  }

  peer(host: string, transport: TransportName): Peer {
    const flows: Flow[] = []
    const received: string[] = []
    const senders: Endpoint[] = []
    const closed: Flow[] = []
    const adapter = this.network.adapter(transport, host)({
      opened: (flow) => flows.push(flow),
      received: (flow, bytes) => {
        received.push(new TextDecoder().decode(bytes))
        senders.push(flow.remote)
      },
      closed: (flow) => closed.push(flow),
    })
    return { adapter, flows, received, senders, closed }
  }

  /** Connects, and lets the connection stand. */
  dial(peer: Peer, target: Target): Promise<Flow> {
    return this.clock.runUntil(peer.adapter.connect(target))
  }

  /** Lets everything arrive that is under way. */
  async settle(): Promise<void> {
    await this.clock.advanceAsync(0)
  }
}

import type { Clock } from '@offhook/sip-machine'
import type { AdapterFactory, TransportName } from '../adapter.js'
import { MemoryConnectionAdapter } from './memory-connections.js'
import type { Accept } from './memory-connections.js'
import { FabricDatagrams, MemoryDatagramAdapter } from './memory-datagrams.js'
import type { DatagramNetwork } from './memory-datagrams.js'
import { MemoryFabric } from './memory-fabric.js'

/** How a network within the process behaves. */
export interface MemoryNetworkOptions {
  /** Makes what is sent arrive `latency` later on this clock. Without it, everything arrives in the next microtask. */
  readonly clock?: Clock
  /** In milliseconds, 0 unless told. */
  readonly latency?: number
  /** Carries the datagrams of UDP, for example a `LossyNetwork`. Connections stay reliable. */
  readonly datagrams?: DatagramNetwork
}

/** A network within the process: adapters made from it reach each other and nobody else. */
export interface MemoryNetwork {
  /**
   * An adapter for one transport on one host of the network.
   *
   * @param transport `UDP` unless told.
   * @param host The host's only address; a documentation address of its own unless told. Give the same one to several adapters to make them one host.
   */
  adapter(transport?: TransportName, host?: string): AdapterFactory
}

/**
 * Makes a network within the process, for tests, demonstrations and for joining two stacks in one program.
 *
 * @example
 * const network = createMemoryNetwork()
 * const alice = new TransportLayer({ adapters: [network.adapter('TCP', '192.0.2.1')], ...rest })
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const connections = new MemoryFabric<Accept>(options.clock, options.latency ?? 0)
  const datagrams = new MemoryFabric<unknown>(options.clock, options.latency ?? 0)
  const carrier = options.datagrams ?? new FabricDatagrams(datagrams)
  let hosts = 0
  return {
    adapter(transport = 'UDP', host = `198.51.100.${++hosts}`) {
      return (receiver) =>
        transport === 'UDP'
          ? new MemoryDatagramAdapter(datagrams, carrier, receiver, host)
          : new MemoryConnectionAdapter(connections, receiver, transport, host)
    },
  }
}

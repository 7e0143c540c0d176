export type { DatagramNetwork } from './memory-datagrams.js'
export { createMemoryNetwork } from './memory-network.js'
export type { MemoryNetwork, MemoryNetworkOptions } from './memory-network.js'

export { LossyNetwork } from './lossy-network.js'
export type { DatagramReceiver, LossyNetworkOptions, LossyNetworkStats, NetworkPort } from './lossy-network.js'
export { seededRandom } from './seeded-random.js'
export { VirtualClock } from './virtual-clock.js'

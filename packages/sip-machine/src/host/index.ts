export { createHostClock, hostClock } from './host-clock.js'
export type { HostClockOptions } from './host-clock.js'
export { createHostRandom, hostRandom } from './host-random.js'

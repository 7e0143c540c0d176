// How much sound is on its way in a place, by the kernel's own count of datagrams: 50 a second for each direction of a call.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from './place.js'

/** Milliseconds that are looked at, at a time. */
const window = 400

/** Waits until sound flows in so many directions: 2 for a conversation, 1 when one side is held, 0 for silence. */
export async function mediaFlows(place: Place, directions: 0 | 1 | 2, limit = 8000): Promise<void> {
  const end = Date.now() + limit
  for (;;) {
    const [count, start] = [received(place), performance.now()]
    await sleep(window)
    const rate = (1000 * (received(place) - count)) / (performance.now() - start)
    // A busy machine is late, never early; the little that remains is RTCP and SIP.
    if (Math.abs(rate - 50 * directions) <= 20) return
    if (Date.now() > end) throw new Error(`${rate.toFixed()} datagrams a second, where ${50 * directions} were to be expected`)
  }
}

/** UDP datagrams received in this place until now (RFC 4113 udpInDatagrams). */
function received(place: Place): number {
  const [names, values] = place.call(['grep', '^Udp:', '/proc/net/snmp']).split('\n').map((line) => line.split(' '))
  return Number(values?.[names?.indexOf('InDatagrams') ?? -1])
}

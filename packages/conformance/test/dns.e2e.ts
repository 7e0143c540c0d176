// A phone, a domain in a real DNS and its two servers on real sockets: RFC 3263 §4.3 from end to end.
import type { Clock } from '@offhook/sip-machine'
import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { SipServer } from '@offhook/sip-server'
import { UserAgent } from '@offhook/sip-session'
import { createLocate, dnsResolver, nodeAdapters } from '@offhook/sip-transport-node'
import { describe, expect, it } from 'vitest'
import { Dnsmasq, dnsmasqProgram } from '../../sip-transport-node/test/support/dnsmasq.js'

if (dnsmasqProgram === undefined) console.log('skipping "two servers in DNS": dnsmasq is not installed (apt-get install dnsmasq-base)')

const SPEED = 20
/** A clock that runs twenty times as fast: a registration of a minute is renewed within three seconds. */
const fastClock: Clock = {
  now: () => SPEED * hostClock.now(),
  schedule: (at, wake) => hostClock.schedule(at / SPEED, wake),
}

describe.skipIf(dnsmasqProgram === undefined)('two servers in DNS', () => {
  it('a phone registers and sends: first server, second while that is dead, first again', async () => {
    const serve = async (host: string, port = 0): Promise<{ readonly server: SipServer; readonly port: number }> => {
      const server = new SipServer({ adapters: nodeAdapters(), clock: hostClock, random: hostRandom, auth: 'open', domains: ['pair.test'] })
      return { server, port: (await server.listen({ transport: 'TCP', host, port })).local.port }
    }
    let first = await serve('127.0.0.2')
    const second = await serve('127.0.0.3')
    const dns = await Dnsmasq.start([
      '--naptr-record=pair.test,10,10,s,SIP+D2T,,_sip._tcp.pair.test', '--naptr-record=pair.test,20,10,s,SIP+D2U,,_sip._udp.pair.test',
      `--srv-host=_sip._tcp.pair.test,one.test,${first.port},10,0`, `--srv-host=_sip._tcp.pair.test,two.test,${second.port},20,0`,
      '--host-record=one.test,127.0.0.2', '--host-record=two.test,127.0.0.3',
    ])
    const locate = createLocate({ resolver: dnsResolver({ servers: [dns.server] }), clock: fastClock, steady: true })
    const phone = new UserAgent({ identity: 'sip:alice@pair.test', adapters: nodeAdapters(), locate, clock: fastClock })
    const knows = ({ server }: typeof first): number => server.registered().length
    const asks = async (): Promise<number | undefined> => (await phone.options('sip:pair.test')).status
    try {
      await phone.register({ expires: 60 })
      expect([knows(first), knows(second)]).toEqual([1, 0])
      expect(await asks()).toBeGreaterThanOrEqual(200)
      expect(second.server.counters.received).toBe(0)

      await first.server.close()
      await expect.poll(() => knows(second), { timeout: 5_000 }).toBe(1)
      const heard = second.server.counters.received
      expect(await asks()).toBeGreaterThanOrEqual(200)
      expect(second.server.counters.received).toBeGreaterThan(heard)

      first = await serve('127.0.0.2', first.port)
      await expect.poll(() => knows(first), { timeout: 15_000 }).toBe(1)
      const before = first.server.counters.received
      expect(await asks()).toBeGreaterThanOrEqual(200)
      expect(first.server.counters.received).toBeGreaterThan(before)
    } finally {
      await phone.close()
      await Promise.all([first.server.close(), second.server.close(), dns.stop()])
    }
  })
})

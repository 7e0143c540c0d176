// RFC 3263 against a real DNS server: dnsmasq, started here on a high port of loopback.
import { VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import { TransportLayer } from '@offhook/sip-transport'
import type { Locate } from '@offhook/sip-transport'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocate, dnsResolver, locate, nodeAdapters } from '../src/index.js'
import type { CreateLocateOptions } from '../src/index.js'
import { Dnsmasq, dnsmasqProgram } from './support/dnsmasq.js'
import { briefly, sipUri } from './support/zone.js'

if (dnsmasqProgram === undefined) console.log('skipping the DNS cases: dnsmasq is not installed (apt-get install dnsmasq-base)')

const MANY = Array.from({ length: 60 }, (_, index) => `--srv-host=_sip._tcp.many.test,a-host-with-a-long-name-${index}.many.test,5060,${index},0`)
const RECORDS = [
  '--local-ttl=7', '--edns-packet-max=512',
  // NAPTR in an order that is not the one to use.
  '--naptr-record=naptr.test,100,50,s,SIP+D2U,,_sip._udp.naptr.test', '--naptr-record=naptr.test,50,60,s,SIP+D2T,,_sip._tcp.naptr.test',
  '--naptr-record=naptr.test,50,50,s,SIPS+D2T,,_sips._tcp.naptr.test', '--naptr-record=naptr.test,10,10,u,E2U+sip,!^.*$!sip:info@naptr.test!',
  '--srv-host=_sips._tcp.naptr.test,one.test,5061,1,0', '--srv-host=_sip._tcp.naptr.test,one.test,5060,1,0', '--srv-host=_sip._udp.naptr.test,two.test,5060,1,0',
  '--host-record=one.test,127.0.0.2,::1', '--host-record=two.test,127.0.0.3', '--host-record=three.test,127.0.0.4',
  // Weights.
  '--srv-host=_sip._udp.weights.test,one.test,5060,10,10', '--srv-host=_sip._udp.weights.test,two.test,5060,10,30', '--srv-host=_sip._udp.weights.test,three.test,5060,10,60',
  // Around in circles.
  '--naptr-record=loop.test,1,1,s,SIP+D2U,,loop.test', '--naptr-record=loop.test,1,2,,SIP+D2U,,loop.test', '--srv-host=_sip._udp.loop.test,loop.test,5060,1,0', '--host-record=loop.test,127.0.0.5',
  '--cname=alias.test,other-alias.test', '--cname=other-alias.test,two.test',
  '--srv-host=_sip._udp.none.test', '--host-record=none.test,127.0.0.6',
  ...MANY, '--host-record=a-host-with-a-long-name-0.many.test,127.0.0.7', '--host-record=a-host-with-a-long-name-1.many.test,127.0.0.8',
]

describe.skipIf(dnsmasqProgram === undefined)('RFC 3263 with dnsmasq', () => {
  let dns: Dnsmasq
  beforeAll(async () => {
    dns = await Dnsmasq.start(RECORDS)
  })
  afterAll(() => dns.stop())

  const resolver = () => dnsResolver({ servers: [dns.server], timeout: 1_000 })
  const located = async (text: string, find: Locate = (uri) => locate(uri, { resolver: resolver(), random: seededRandom(1) })): Promise<string[]> => briefly(await find(sipUri(text)))
  const cached = (options: CreateLocateOptions = {}): { readonly clock: VirtualClock; readonly find: Locate } => {
    const clock = new VirtualClock()
    return { clock, find: createLocate({ resolver: resolver(), clock, random: seededRandom(1), ...options }) }
  }

  /** What it says of a question may come a little after its answer. */
  const asked = (type: string, name: string, times: number): Promise<void> => expect.poll(() => dns.asked(type, name)).toBe(times)

  it('NAPTR: the lowest order with something usable, by preference; SRV; addresses of both families', async () => {
    expect(await located('sip:naptr.test')).toEqual(['TLS ::1|127.0.0.2 5061', 'TCP ::1|127.0.0.2 5060'])
    expect(await located('sips:naptr.test')).toEqual(['TLS ::1|127.0.0.2 5061'])
    expect(await located('sip:naptr.test', (uri) => locate(uri, { resolver: resolver(), transports: ['UDP'] }))).toEqual(['UDP 127.0.0.3 5060'])
    expect(await located('sip:naptr.test;transport=udp')).toEqual(['UDP 127.0.0.3 5060'])
  })

  it('no NAPTR, no SRV: addresses; aliases; a name that does not exist; a service that is decidedly not there', async () => {
    expect(await located('sip:two.test')).toEqual(['UDP 127.0.0.3 5060'])
    expect(await located('sip:alias.test')).toEqual(['UDP 127.0.0.3 5060'])
    await expect(located('sip:nobody.test')).rejects.toMatchObject({ code: 'unreachable' })
    await expect(located('sip:none.test;transport=udp')).rejects.toMatchObject({ code: 'unreachable' })
    expect(await located('sip:none.test;transport=tcp')).toEqual(['TCP 127.0.0.6 5060'])
  })

  it('SRV: weights are the shares of 3,000 requests', async () => {
    const { find } = cached()
    const firsts = new Map<string, number>()
    for (let request = 0; request < 3_000; request++) {
      const [first = ''] = await located('sip:weights.test', find)
      firsts.set(first, (firsts.get(first) ?? 0) + 1)
    }
    for (const [host, share] of [['127.0.0.2', 0.1], ['127.0.0.3', 0.3], ['127.0.0.4', 0.6]] as const) {
      const count = firsts.get(`UDP ${host} 5060`) ?? (host === '127.0.0.2' ? (firsts.get('UDP ::1 5060') ?? 0) : 0)
      expect(Math.abs(count - 3_000 * share), `${host}: ${count}`).toBeLessThan(4 * Math.sqrt(3_000 * share * (1 - share)))
    }
    await asked('SRV', '_sip._udp.weights.test', 1)
  })

  it('TTL: the server is asked again when it is over, not before', async () => {
    dns.addHost('moving.test', '127.0.0.10')
    const { find, clock } = cached()
    await expect.poll(() => located('sip:moving.test:5060').catch(() => [])).toEqual(['UDP 127.0.0.10 5060'])
    // Once the line of a later question is there, those of all earlier ones are.
    const ready = dns.asked('A', 'ready.test')
    await located('sip:ready.test:5060')
    await asked('A', 'ready.test', ready + 1)
    const before = dns.asked('A', 'moving.test')
    expect(await located('sip:moving.test:5060', find)).toEqual(['UDP 127.0.0.10 5060'])
    clock.advance(6_900)
    await located('sip:moving.test:5060', find)
    await asked('A', 'moving.test', before + 1)
    clock.advance(200)
    await located('sip:moving.test:5060', find)
    await asked('A', 'moving.test', before + 2)
  })

  it('that there is nothing is remembered, too', async () => {
    const { find, clock } = cached()
    for (const [wait, questions] of [[0, 1], [29_000, 1], [1_000, 2]] as const) {
      clock.advance(wait)
      await expect(located('sip:absent.test:5060', find)).rejects.toMatchObject({ code: 'unreachable' })
      await asked('A', 'absent.test', questions)
    }
  })

  it('records that lead to themselves end', async () => {
    expect(await located('sip:loop.test')).toEqual(['UDP 127.0.0.5 5060'])
    expect(await located('sip:loop.test;transport=udp')).toEqual(['UDP 127.0.0.5 5060'])
  })

  it('an answer that no datagram holds comes by TCP, whole, and is used as far as anybody needs', async () => {
    const { records } = await resolver().services('_sip._tcp.many.test')
    expect(records).toHaveLength(60)
    expect(await located('sip:many.test;transport=tcp')).toEqual(['TCP 127.0.0.7 5060', 'TCP 127.0.0.8 5060'])
  })

  it('failover: the first server is dead, the second takes over, the first is back', async () => {
    const layer = (): TransportLayer => new TransportLayer({ adapters: nodeAdapters(), clock: new VirtualClock(), random: seededRandom(1), receive: () => undefined })
    let first = layer()
    const [second, client] = [layer(), layer()]
    const place = await first.listen({ transport: 'TCP', host: '127.0.0.2', port: 0 })
    const other = await second.listen({ transport: 'TCP', host: '127.0.0.3', port: 0 })
    const zone = await Dnsmasq.start([
      `--srv-host=_sip._tcp.pair.test,one.test,${place.local.port},1,0`, `--srv-host=_sip._tcp.pair.test,two.test,${other.local.port},2,0`,
      '--host-record=one.test,127.0.0.2', '--host-record=two.test,127.0.0.3',
    ])
    try {
      const { clock, find } = cached({ resolver: dnsResolver({ servers: [zone.server] }) })
      const reach = async (): Promise<string> => {
        for (const target of await find(sipUri('sip:pair.test;transport=tcp'))) {
          const flow = await client.connect(target).catch(() => find.failed?.(target))
          if (flow === undefined) continue
          flow.close()
          return flow.remote.host
        }
        return 'nowhere'
      }
      expect(await reach()).toBe('127.0.0.2')
      await first.close()
      expect(await reach()).toBe('127.0.0.3')
      first = layer()
      await first.listen({ transport: 'TCP', ...place.local })
      expect(await reach()).toBe('127.0.0.3')
      clock.advance(10_000)
      expect(await reach()).toBe('127.0.0.2')
    } finally {
      await Promise.all([first.close(), second.close(), client.close(), zone.stop()])
    }
  })

  it('a server that is gone: an error with a code, the addresses of the system untouched', async () => {
    const gone = await Dnsmasq.start([])
    await gone.stop()
    const dead = dnsResolver({ servers: [gone.server], timeout: 100, tries: 1 })
    await expect(located('sip:two.test:5060', (uri) => locate(uri, { resolver: dead }))).rejects.toMatchObject({ code: 'unreachable', cause: { code: 'ECONNREFUSED' } })
    const mixed = dnsResolver({ servers: [gone.server], hosts: 'system', timeout: 100, tries: 1 })
    expect(await located('sip:localhost', (uri) => locate(uri, { resolver: mixed, families: [4] }))).toEqual(['UDP 127.0.0.1 5060'])
  })
})

import { describe, expect, it } from 'vitest'
import { VirtualClock, seededRandom } from '@offhook/sip-machine/testing'
import { TransportLayer, connectionResponseRouting } from '../src/index.js'
import type { Flow, FlowReceiver, Target, TransportName } from '../src/index.js'
import { encode, options } from './support/messages.js'

/** A layer over one adapter that the test plays: who dialled what, and connections that come in. */
function staged(transport: TransportName) {
  const clock = new VirtualClock()
  const dialled: Target[] = []
  let receiver: FlowReceiver | undefined
  const flowOf = (more: Partial<Flow>): Flow => {
    const flow: Flow = {
      transport, reliable: true, local: { host: '192.0.2.1', port: 5061 }, remote: { host: '192.0.2.9', port: 49_152 }, sentBy: '192.0.2.1:5061',
      direction: 'inbound', send: () => undefined, close: () => receiver?.closed(flow), ...more,
    }
    receiver?.opened(flow)
    return flow
  }
  const layer = new TransportLayer({
    clock, random: seededRandom(7), receive: () => undefined,
    adapters: [(told) => {
      receiver = told
      return {
        transport, framing: 'message', responseRouting: connectionResponseRouting, close: () => Promise.resolve(),
        connect: (target) => {
          dialled.push(target)
          return Promise.resolve(flowOf({ direction: 'outbound', remote: { host: target.host, port: target.port } }))
        },
      }
    }],
  })
  const hear = (flow: Flow, via: string): void => receiver?.received(flow, encode(options(via)))
  const accept = (identities: readonly string[] | undefined, via: string): Flow => {
    const flow = flowOf(identities === undefined ? {} : { identities })
    hear(flow, via)
    return flow
  }
  const to = (serverName: string, port = 5061): Promise<Flow> => layer.connect({ transport, host: '192.0.2.9', port, serverName })
  return { layer, accept, hear, to, dialled, flowOf }
}

const ALIAS = 'SIP/2.0/TLS p1.example.com;branch=z9hG4bK1;alias'

describe('RFC 5923 §8.2: a connection reused in the other direction (CVE-2020-15260)', () => {
  it('serves requests to the names that its certificate proved, at the sent-by port or 5061, until it closes', async () => {
    const { accept, to, dialled } = staged('TLS')
    const flow = accept(['p1.example.com', 'example.com'], ALIAS)
    expect(await to('p1.example.com')).toBe(flow)
    expect(await to('EXAMPLE.com')).toBe(flow)
    expect(await to('p2.example.com')).not.toBe(flow)
    expect(await to('p1.example.com', 5071)).not.toBe(flow)
    expect(dialled).toHaveLength(2)
    flow.close()
    expect(await to('p1.example.com')).not.toBe(flow)
    expect(accept(['p3.example.com'], 'SIP/2.0/TLS p3.example.com:5071;branch=z9hG4bK1;alias')).toBe(await to('p3.example.com', 5071))
  })

  it.each([
    ['who proved no name', undefined, ALIAS, 'TLS'],
    ['who did not ask for it', ['p1.example.com'], 'SIP/2.0/TLS p1.example.com;branch=z9hG4bK1', 'TLS'],
    ['who came without TLS', ['p1.example.com'], 'SIP/2.0/TCP p1.example.com;branch=z9hG4bK1;alias', 'TCP'],
    ['who proved another name than the Via says', ['evil.example'], ALIAS, 'TLS'],
  ] as const)('is not that of one %s', async (_title, identities, via, transport) => {
    const { accept, to } = staged(transport)
    const flow = accept(identities, via)
    expect(await to('p1.example.com')).not.toBe(flow)
  })

  it('does not take over a connection that this side opened, and a peer that names many ports gets few', async () => {
    const { accept, hear, to } = staged('TLS')
    const own = await to('p1.example.com')
    accept(['p1.example.com'], ALIAS)
    expect(await to('p1.example.com')).toBe(own)
    const flow = accept(['p2.example.com'], 'SIP/2.0/TLS p2.example.com;branch=z9hG4bK1;alias')
    for (let port = 6000; port < 6100; port++) hear(flow, `SIP/2.0/TLS p2.example.com:${port};branch=z9hG4bK1;alias`)
    let reused = 0
    for (let port = 6000; port < 6100; port++) if ((await to('p2.example.com', port)) === flow) reused++
    expect(reused).toBe(31)
  })
})

describe('RFC 5923 §8.1: asking for it', () => {
  it('puts alias into the Via where the flow says so', () => {
    const { layer, flowOf } = staged('TLS')
    expect(layer.via(flowOf({ aliased: true }), 'z9hG4bK1')).toBe('SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK1;rport;alias')
    expect(layer.via(flowOf({}), 'z9hG4bK1')).toBe('SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK1;rport')
  })
})

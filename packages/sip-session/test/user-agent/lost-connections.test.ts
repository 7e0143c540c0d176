// A connection that breaks at each step of a call: CVE-2018-7286, CVE-2020-28327. Every call ends for both the application and the
// agent, `hangUp()` always resolves, and nothing is left.
import { createResponse, createRequest } from '@offhook/sip-parser'
import type { SipMessage, SipRequest } from '@offhook/sip-parser'
import { seededRandom } from '@offhook/sip-machine/testing'
import { TransportLayer } from '@offhook/sip-transport'
import type { Flow } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import type { Call, UserAgent } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork } from '../../src/testing/index.js'
import { EMPTY } from '../support/nothing-left.js'
import { SDP } from '../support/raw-peer.js'

interface Line {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly server: TransportLayer
  /** What arrived at the peer, oldest first. */
  readonly seen: SipMessage[]
  readonly handle: (take: (message: SipMessage, flow: Flow) => void) => void
  /** Breaks every connection. */
  readonly cut: () => Promise<void>
  readonly over: () => Promise<void>
}

const CONTACT = '<sip:peer@192.0.2.99;transport=tcp>'

async function line(): Promise<Line> {
  const network = createTestNetwork({ transport: 'TCP' })
  const alice = network.agent('alice', { media: createFakeMedia({ clock: network.clock }).factory })
  const seen: SipMessage[] = []
  const flows = new Set<Flow>()
  let take: (message: SipMessage, flow: Flow) => void = () => undefined
  const server = new TransportLayer({
    adapters: [network.adapter('192.0.2.99')], clock: network.clock, random: seededRandom(9),
    receive: (message, flow) => {
      flows.add(flow)
      seen.push(message)
      take(message, flow)
    },
  })
  await server.listen({ transport: 'TCP', host: '192.0.2.99', port: 5060 })
  return {
    network, alice, server, seen,
    handle: (next) => (take = next),
    async cut() {
      for (const flow of flows) flow.close()
      flows.clear()
      await network.advance(50)
    },
    async over() {
      await network.advance(400_000)
      expect({ ...alice.size, connections: 0 }).toEqual(EMPTY)
      await network.close()
      await server.close()
      await network.advance(1000)
      expect(network.clock.pending).toBe(0)
    },
  }
}

function respond(server: TransportLayer, request: SipRequest, flow: Flow, statusCode: number): void {
  const invite = request.method === 'INVITE' && statusCode < 300
  server.respond(createResponse(request, {
    statusCode, toTag: 'peer', headers: invite ? [['Contact', CONTACT]] : [], ...(invite && statusCode === 200 && { body: SDP, contentType: 'application/sdp' }),
  }), flow)
}

/** Answers everything as a peer that works. */
const working = (server: TransportLayer) => (message: SipMessage, flow: Flow): void => {
  if (message.kind === 'request' && message.method !== 'ACK') respond(server, message, flow, 200)
}

describe('our call, whose connection breaks', () => {
  it.each([
    ['before anything was answered', []], ['after 100', [100]], ['after 180', [100, 180]],
  ] as const)('%s: it ends as unreachable', async (_name, statuses) => {
    const { network, alice, server, handle, cut, over } = await line()
    handle((message, flow) => {
      if (message.kind === 'request' && message.method === 'INVITE') for (const status of statuses) respond(server, message, flow, status)
    })
    const call = alice.call('sip:peer@192.0.2.99;transport=tcp')
    await network.advance(100)
    await server.close()
    await cut()
    expect(await network.run(call.ended)).toMatchObject({ by: 'error', cause: 'unreachable' })
    expect(await network.run(call.hangUp())).toEqual({ ok: true })
    await over()
  })

  it('before anything was answered, of a peer that is there again: the INVITE goes out once more', async () => {
    const { network, alice, server, seen, handle, cut, over } = await line()
    const call = alice.call('sip:peer@192.0.2.99;transport=tcp')
    await network.advance(100)
    handle(working(server))
    await cut()
    expect((await network.run(call.answered)).answered).toBe(true)
    expect(seen.map((message) => (message.kind === 'request' ? message.method : ''))).toEqual(['INVITE', 'INVITE', 'ACK'])
    await network.run(call.hangUp())
    await over()
  })

  it('right after the 200: the ACK finds its way, or the 200 that comes again finds it', async () => {
    const { network, alice, server, seen, handle, cut, over } = await line()
    handle(working(server))
    const call = alice.call('sip:peer@192.0.2.99;transport=tcp')
    await network.run(call.answered)
    await cut()
    expect(call.state.name).toBe('established')
    expect(await network.run(call.hold())).toEqual({ ok: true })
    expect(await network.run(call.hangUp())).toEqual({ ok: true })
    expect(seen.at(-1)).toMatchObject({ method: 'BYE' })
    await over()
  })

  it.each(['hold', 'hangUp', 'dtmf'] as const)('while %s waits for its answer', async (deed) => {
    const { network, alice, server, handle, cut, over } = await line()
    handle(working(server))
    const call = alice.call('sip:peer@192.0.2.99;transport=tcp')
    await network.run(call.answered)
    handle(() => undefined)
    const outcome = deed === 'dtmf' ? call.dtmf('1', { by: 'info' }) : call[deed]()
    await network.advance(100)
    handle(working(server))
    await cut()
    expect((await network.run(outcome)).ok).toBe(true)
    expect(await network.run(call.hangUp())).toEqual({ ok: true })
    await over()
  })

  it('while it is hung up, and the peer does not come back', async () => {
    const { network, alice, server, handle, cut, over } = await line()
    handle(working(server))
    const call = alice.call('sip:peer@192.0.2.99;transport=tcp')
    await network.run(call.answered)
    await server.close()
    await cut()
    expect(await network.run(call.hangUp())).toEqual({ ok: true })
    expect(await call.ended).toMatchObject({ by: 'local', cause: 'hung-up' })
    await over()
  })
})

describe('their call, whose connection breaks', () => {
  async function called(): Promise<Line & { readonly call: Call; readonly flow: Flow }> {
    const made = await line()
    const calls: Call[] = []
    made.alice.on('incoming', (call) => calls.push(call))
    const flow = await made.network.run(made.server.connect({ transport: 'TCP', host: '192.0.2.1', port: 5060 }))
    made.server.send(createRequest({
      method: 'INVITE', requestUri: 'sip:alice@192.0.2.1;transport=tcp', body: SDP, contentType: 'application/sdp',
      headers: [
        ['Via', made.server.via(flow, 'z9hG4bKone')], ['Max-Forwards', 70], ['From', '<sip:peer@192.0.2.99>;tag=peer'], ['To', '<sip:alice@192.0.2.1>'],
        ['Call-ID', 'one'], ['CSeq', '1 INVITE'], ['Contact', CONTACT],
      ],
    }), flow)
    await made.network.advance(100)
    const [call] = calls
    if (call === undefined) throw new RangeError('nobody calls')
    return { ...made, call, flow }
  }

  it('as it rings: answering goes on along the Via, or ends for want of an ACK', async () => {
    const { network, call, cut, over, server, handle } = await called()
    handle(working(server))
    await cut()
    expect(await network.run(call.answer())).toEqual({ ok: true })
    expect(await network.run(call.ended, 100_000)).toMatchObject({ by: 'error', cause: 'lost' })
    await over()
  })

  it.each(['reject', 'hangUp'] as const)('as it rings, and then %s', async (deed) => {
    const { network, call, cut, over } = await called()
    await cut()
    expect(await network.run(call[deed]())).toEqual({ ok: true })
    expect((await call.ended).by).toBe('local')
    await over()
  })

  it('as it rings, and nobody does anything: the ring timeout ends it', async () => {
    const { network, call, cut, over } = await called()
    await cut()
    expect(await network.run(call.ended, 200_000)).toMatchObject({ by: 'local', cause: 'no-answer' })
    await over()
  })

  it('after the 200 and before the ACK, with a peer that is gone', async () => {
    const { network, call, cut, over, server } = await called()
    await call.answer()
    await network.advance(20)
    await server.close()
    await cut()
    expect(await network.run(call.ended, 100_000)).toMatchObject({ by: 'error', cause: 'lost' })
    expect(await network.run(call.hangUp())).toEqual({ ok: true })
    await over()
  })
})

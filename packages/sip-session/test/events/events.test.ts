import { describe, expect, it } from 'vitest'
import type { SipRequest } from '@offhook/sip-parser'
import { events, transfers } from '../../src/index.js'
import type { EventsOptions, Notification, SubscribeOptions, Subscription, SubscriptionRequest, UserAgent, Watcher } from '../../src/index.js'
import { createTestNetwork } from '../../src/testing/index.js'
import type { TestNetwork, TestNetworkOptions } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer } from '../support/raw-peer.js'

const text = (body: Uint8Array): string => new TextDecoder().decode(body)
const state = (body: string): { contentType: string; body: string } => ({ contentType: 'text/plain', body })

interface World {
  readonly network: TestNetwork
  readonly alice: UserAgent
  readonly bob: UserAgent
  readonly watchers: Watcher[]
  /** What alice's subscription heard. */
  readonly heard: string[]
  readonly subscribe: (options?: SubscribeOptions, event?: string) => Subscription
}

function world(decide?: (request: SubscriptionRequest) => Watcher | undefined, options: TestNetworkOptions = {}, own: EventsOptions = {}): World {
  const network = createTestNetwork(options)
  const watching = events()
  const watchers: Watcher[] = []
  const heard: string[] = []
  const alice = network.agent('alice', { extensions: [transfers(), watching] })
  const bob = network.agent('bob', {
    extensions: [events({
      packages: ['presence'],
      onSubscribe: (request) => {
        const watcher = decide === undefined ? request.accept(state('here')) : decide(request)
        if (watcher !== undefined) watchers.push(watcher)
      },
      ...own,
    }), transfers({ onRefer: (referral) => referral.reject() })],
  })
  return {
    network, alice, bob, watchers, heard,
    subscribe: (more, event = 'presence') => {
      const subscription = watching.subscribe('bob', event, more)
      subscription.on('notify', (notification: Notification) => heard.push(`${notification.state} ${text(notification.body)}`))
      return subscription
    },
  }
}

describe('RFC 6665 a subscription', () => {
  it.each<[string, TestNetworkOptions]>([['a clean network', {}], ['a network that loses 20 %, and doubles', { seed: 7, loss: 0.2, duplicate: 0.1 }]])('is made, told, renewed and ended on %s', async (_name, options) => {
    const { network, alice, bob, watchers, heard, subscribe } = world(undefined, options)
    const subscription = subscribe({ expires: 120, accept: ['text/plain'] })
    await network.advance(20_000)
    expect(subscription.state).toBe('active')
    expect(heard).toEqual(['active here'])
    watchers[0]!.notify(state('away'))
    await network.advance(20_000)
    expect(heard.at(-1)).toBe('active away')
    await network.advance(600_000) // renewed meanwhile
    expect(subscription.state).toBe('active')
    expect(watchers.at(-1)!.state).toBe('active')
    expect(await network.run(subscription.unsubscribe())).toMatchObject({ code: 'unsubscribed' })
    expect(await network.run(watchers.at(-1)!.ended)).toBe('told')
    expect(subscription.state).toBe('terminated')
    await expectNothingLeft(network, alice, bob)
  })

  it('is pending until it is granted, or refused', async () => {
    const { network, alice, bob, watchers, heard, subscribe } = world((request) => request.pend())
    const one = subscribe()
    const two = subscribe({ resubscribe: false })
    await network.advance(1000)
    expect([one.state, two.state]).toEqual(['pending', 'pending'])
    watchers[0]!.notify(state('here'))
    watchers[0]!.grant()
    watchers[1]!.end('rejected')
    expect(await network.run(two.ended)).toEqual({ code: 'terminated', reason: 'rejected' })
    expect(heard).toContain('active here')
    expect(heard).not.toContain('pending here') // §6.2: what is pending may not see
    await network.run(one.unsubscribe())
    await expectNothingLeft(network, alice, bob)
  })

  it('that nobody decides is pending (§4.2.1.1)', async () => {
    const { network, bob, subscribe } = world(() => undefined)
    const subscription = subscribe()
    await network.advance(1000)
    expect(subscription.state).toBe('pending')
    await network.run(bob.close())
    await network.close()
  })

  it.each([
    ['refused', (request: SubscriptionRequest) => { request.reject(403); return undefined }, 'presence', 403],
    ['to another package', undefined, 'dialog', 489],
  ] as const)('that is %s tells the status', async (_name, decide, event, status) => {
    const { network, alice, bob, subscribe } = world(decide)
    expect(await network.run(subscribe({}, event).ended)).toMatchObject({ code: 'refused', status })
    await expectNothingLeft(network, alice, bob)
  })

  it('§4.2.1.1: asks for longer when that is too short for the notifier', async () => {
    const { network, watchers, subscribe } = world(undefined, {}, { minExpires: 300 })
    const subscription = subscribe({ expires: 10 })
    await network.advance(1000)
    expect(subscription.state).toBe('active')
    expect(watchers).toHaveLength(1)
    await network.run(subscription.unsubscribe())
    await network.close()
  })

  it('§4.1.3: is made anew when the notifier ends it for a reason that allows it, after its Retry-After', async () => {
    const { network, alice, bob, watchers, subscribe } = world()
    const subscription = subscribe()
    await network.advance(1000)
    watchers[0]!.end('probation', 40)
    await network.advance(39_000)
    expect(watchers).toHaveLength(1)
    await network.advance(2000)
    expect(watchers).toHaveLength(2)
    expect(subscription.state).toBe('active')
    watchers[1]!.end('deactivated')
    await network.advance(3000)
    expect(watchers).toHaveLength(3)
    watchers[2]!.end('noresource')
    expect(await network.run(subscription.ended)).toEqual({ code: 'terminated', reason: 'noresource' })
    await expectNothingLeft(network, alice, bob)
  })

  it('does not race with a notifier that ends it each time', async () => {
    const { network, watchers, subscribe } = world((request) => {
      const watcher = request.accept()
      watcher.end('deactivated')
      return watcher
    })
    const subscription = subscribe()
    await network.advance(3_600_000)
    expect(watchers.length).toBeLessThan(40)
    await network.run(subscription.unsubscribe())
    await network.close()
  })

  it('nobody answers is told, and misuse is thrown', async () => {
    const { network, subscribe } = world()
    const lone = events()
    const agent = network.agent('lone', { extensions: [lone] })
    expect(await network.run(lone.subscribe('sip:x@192.0.2.77', 'presence').ended, 100_000)).toMatchObject({ code: 'unreachable' })
    expect(() => events().subscribe('bob', 'presence')).toThrow(expect.objectContaining({ code: 'missing-extension' }) as Error)
    expect(() => lone.subscribe('', 'presence')).toThrow(expect.objectContaining({ code: 'bad-target' }) as Error)
    const waiting = subscribe({ signal: AbortSignal.abort() })
    expect(await waiting.ended).toMatchObject({ code: 'unsubscribed' })
    expect(agent.size.calls).toBe(0)
    await network.close()
  })

  it('ends with the agent', async () => {
    const { network, alice, watchers, subscribe } = world()
    const subscription = subscribe()
    await network.advance(1000)
    await network.run(alice.close())
    expect(await subscription.ended).toMatchObject({ code: 'closed' })
    await network.close()
    expect(await watchers[0]!.ended).toBe('closed')
    expect(network.clock.pending).toBe(0)
  })
})

describe('RFC 6665 on the wire', () => {
  function lone(options?: EventsOptions): { readonly network: TestNetwork; readonly alice: UserAgent; readonly peer: RawPeer; readonly subscribe: () => Subscription } {
    const network = createTestNetwork()
    const watching = events(options)
    const alice = network.agent('alice', { extensions: [watching] })
    return { network, alice, peer: new RawPeer(network), subscribe: () => watching.subscribe('sip:peer@192.0.2.99', 'presence', { parameters: { id: '7' } }) }
  }
  const notify = (peer: RawPeer, subscribe: SipRequest, sequence: number, value: string, tag = 'peer', event = 'presence;id=7'): SipRequest =>
    peer.inDialog('NOTIFY', subscribe, sequence, { tag, headers: [['Event', event], ['Subscription-State', value], ['Contact', `<sip:${tag}@192.0.2.99>`]], body: tag, contentType: 'text/plain' })

  it('§4.4.1: a NOTIFY makes the dialog, before the 200 and from each fork', async () => {
    const { network, alice, peer, subscribe } = lone()
    const subscription = subscribe()
    const heard: string[] = []
    subscription.on('notify', ({ body }) => heard.push(text(body)))
    const request = await peer.nextRequest('SUBSCRIBE')
    expect([request.headers.get('Event'), request.headers.get('Expires'), String(request.contact?.uri)]).toEqual(['presence;id=7', '3600', 'sip:alice@192.0.2.1:5060'])
    notify(peer, request, 1, 'active;expires=100', 'one')
    expect((await peer.nextResponse(200)).cseq.method).toBe('NOTIFY')
    peer.respond(request, 200, { tag: 'one', headers: [['Expires', '3600']] })
    notify(peer, request, 1, 'pending;expires=100', 'two')
    await peer.nextResponse(200)
    expect(heard).toEqual(['one', 'two'])
    expect(subscription.state).toBe('active')
    // Another event, another id, an old number, a stranger's tag after timer N.
    notify(peer, request, 2, 'active', 'one', 'dialog;id=7')
    await peer.nextResponse(481)
    notify(peer, request, 2, 'active', 'one', 'presence')
    await peer.nextResponse(481)
    notify(peer, request, 1, 'active', 'one')
    await peer.nextResponse(500)
    await network.advance(40_000)
    notify(peer, request, 1, 'active;expires=100', 'three')
    await peer.nextResponse(481)
    // Renewed in each dialog, where it leads.
    const renewed = await peer.nextRequest('SUBSCRIBE')
    expect(['sip:one@192.0.2.99', 'sip:two@192.0.2.99']).toContain(String(renewed.requestUri))
    expect(renewed.cseq.sequence).toBe(2)
    notify(peer, request, 2, 'terminated;reason=noresource', 'one')
    notify(peer, request, 2, 'terminated;reason=noresource', 'two')
    expect(await network.run(subscription.ended)).toMatchObject({ code: 'terminated', reason: 'noresource' })
    await expectNothingLeft(network, alice)
  })

  it('a NOTIFY nobody subscribed to gets 481, or what the application says', async () => {
    const { peer } = lone()
    peer.request('NOTIFY', '192.0.2.1', { headers: [['Event', 'message-summary'], ['Subscription-State', 'active']] })
    await peer.nextResponse(481)
    const seen: string[] = []
    const { peer: server } = lone({ onNotify: (owned) => {
      seen.push(text(owned.request.body))
      owned.accept()
    } })
    server.request('NOTIFY', '192.0.2.1', { headers: [['Event', 'message-summary'], ['Subscription-State', 'active']], body: 'Messages-Waiting: yes', contentType: 'application/simple-message-summary' })
    await server.nextResponse(200)
    expect(seen).toEqual(['Messages-Waiting: yes'])
  })

  it('§4.2.1: the notifier answers what cannot be right', async () => {
    const { peer } = lone({ packages: ['presence'], onSubscribe: (request) => void request.accept() })
    const contact = ['Contact', '<sip:peer@192.0.2.99>'] as const
    peer.request('SUBSCRIBE', '192.0.2.1', { headers: [['Event', 'dialog'], contact] })
    expect((await peer.nextResponse(489)).headers.get('Allow-Events')).toBe('presence')
    peer.request('SUBSCRIBE', '192.0.2.1', { callId: 'b', headers: [contact] })
    await peer.nextResponse(489)
    peer.request('SUBSCRIBE', '192.0.2.1', { callId: 'c', headers: [['Event', 'presence']] })
    await peer.nextResponse(400)
    peer.request('SUBSCRIBE', '192.0.2.1', { callId: 'd', headers: [['Event', 'presence'], contact, ['Expires', '5']] })
    expect((await peer.nextResponse(423)).headers.get('Min-Expires')).toBe('60')
    peer.request('SUBSCRIBE', '192.0.2.1', { callId: 'e', headers: [['Event', 'presence'], contact, ['Expires', '99999']] })
    expect((await peer.nextResponse(200)).headers.get('Expires')).toBe('3600')
    const told = await peer.nextRequest('NOTIFY')
    peer.respond(told, 200)
    peer.inDialog('SUBSCRIBE', told, 2, { headers: [['Event', 'presence'], ['Expires', '0']] })
    await peer.nextResponse(200)
    expect((await peer.nextRequest('NOTIFY')).headers.get('Subscription-State')).toBe('terminated;reason=timeout')
  })

  it('§4.4.3: a SUBSCRIBE of no length asks for the state at hand', async () => {
    const { network, alice, peer } = lone({ packages: ['presence'], onSubscribe: (request) => void request.accept(state('here')) })
    peer.answerAll()
    peer.request('SUBSCRIBE', '192.0.2.1', { headers: [['Event', 'presence'], ['Contact', '<sip:peer@192.0.2.99>'], ['Expires', '0']] })
    const told = await peer.nextRequest('NOTIFY')
    expect([told.headers.get('Subscription-State'), text(told.body)]).toEqual(['terminated;reason=timeout', 'here'])
    await expectNothingLeft(network, alice)
  })

  it('threats: a flood of SUBSCRIBEs is put off beyond a thousand', async () => {
    const { network, peer } = lone({ packages: ['presence'], onSubscribe: (request) => void request.pend() })
    for (let count = 0; count < 1010; count++) {
      peer.request('SUBSCRIBE', '192.0.2.1', { callId: `flood-${count}`, headers: [['Event', 'presence'], ['Contact', '<sip:peer@192.0.2.99>']] })
    }
    await network.advance(400)
    expect(peer.names.filter((name) => name === '200')).toHaveLength(1000)
    expect(peer.names.filter((name) => name === '480')).toHaveLength(10)
  })
})

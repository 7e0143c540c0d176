// A publication, every input in every state, and on the wire.
import { describe, expect, it } from 'vitest'
import { Publisher, publications } from '../../src/index.js'
import type { PublisherEffect, PublisherInput, PublisherState } from '../../src/index.js'
import { PUBLISHER } from '../../src/publication/publisher.js'
import { createTestNetwork } from '../../src/testing/index.js'
import { expectNothingLeft } from '../support/nothing-left.js'
import { RawPeer } from '../support/raw-peer.js'

const here = { contentType: 'text/plain', body: 'here' }
const away = { contentType: 'text/plain', body: 'away' }
const ok: PublisherInput = { type: 'response', statusCode: 200, entityTag: 'a1', expires: 3600 }
const feed = (machine: Publisher, now: number, ...given: readonly PublisherInput[]): PublisherEffect[] => {
  const out: PublisherEffect[] = []
  for (const input of given) machine.receive(now, input, out)
  return out
}

describe('RFC 3903 §4 the publisher', () => {
  const start: PublisherInput = { type: 'publish', state: here }
  const reach: Readonly<Record<PublisherState, readonly PublisherInput[]>> = {
    idle: [], publishing: [start], published: [start, ok], waiting: [start, ok, { type: 'publish', state: away }, { type: 'failed' }],
    removing: [start, ok, { type: 'remove' }], removed: [{ type: 'remove' }], failed: [start, { type: 'response', statusCode: 403 }],
  }
  const inputs: readonly PublisherInput[] = [
    { type: 'publish', state: away }, { type: 'remove' }, ok, { type: 'response', statusCode: 412 }, { type: 'response', statusCode: 423, minExpires: 7200 },
    { type: 'response', statusCode: 503, retryAfter: 9 }, { type: 'response', statusCode: 403 }, { type: 'failed' },
  ]
  for (const state of Object.keys(PUBLISHER) as PublisherState[]) {
    for (const input of inputs) {
      it(`${state}: ${JSON.stringify(input)}`, () => {
        const machine = new Publisher(3600)
        const before = feed(machine, 0, ...reach[state])
        expect(machine.state).toBe(state)
        const out = feed(machine, 1000, input)
        const busy = [...before].filter(({ type }) => type === 'send').length > 0 && (state === 'publishing' || state === 'removing')
        // Nothing goes out while a request is under way, but when that was answered.
        if (busy && input.type !== 'response' && input.type !== 'failed') expect(out.filter(({ type }) => type === 'send')).toEqual([])
        expect(out.filter(({ type }) => type === 'ended')).toHaveLength((machine.state === 'removed' || machine.state === 'failed') && machine.state !== state ? 1 : 0)
        // Whatever happened, it can be taken back.
        const all = feed(machine, 2000, { type: 'remove' }, ok, ok)
        expect(['removed', 'failed']).toContain(machine.state)
        expect(machine.deadline).toBe(Infinity)
        expect([...before, ...out, ...all].filter(({ type }) => type === 'ended')).toHaveLength(1)
      })
    }
  }

  it('table 1: tells, renews, changes, removes', () => {
    const machine = new Publisher(3600)
    expect(feed(machine, 0, start)).toEqual([{ type: 'send', entityTag: undefined, expires: 3600, state: here }])
    expect(feed(machine, 10, { ...ok, expires: 600 })).toEqual([{ type: 'published' }])
    expect(machine.deadline).toBe(10 + 600_000 - 32_000)
    const out: PublisherEffect[] = []
    machine.wake(machine.deadline, out)
    expect(out).toEqual([{ type: 'send', entityTag: 'a1', expires: 3600, state: undefined }])
    feed(machine, 600_000, { ...ok, entityTag: 'b2' })
    expect(feed(machine, 600_100, { type: 'publish', state: away })).toEqual([{ type: 'send', entityTag: 'b2', expires: 3600, state: away }])
    // What changes meanwhile is told next, the latest alone.
    expect(feed(machine, 600_200, start, { type: 'publish', state: away })).toEqual([])
    expect(feed(machine, 600_300, { ...ok, entityTag: 'c3' })).toEqual([{ type: 'send', entityTag: 'c3', expires: 3600, state: away }])
    expect(feed(machine, 600_400, { ...ok, entityTag: 'd4' }, { type: 'remove' })).toEqual([{ type: 'published' }, { type: 'send', entityTag: 'd4', expires: 0, state: undefined }])
    expect(feed(machine, 600_500, ok)).toEqual([{ type: 'ended', why: 'removed' }])
  })

  it('§5: is told anew when it is not known there any more (412), and for longer when asked to (423)', () => {
    const machine = new Publisher(60)
    feed(machine, 0, start)
    expect(feed(machine, 5, { type: 'response', statusCode: 423, minExpires: 300 })).toEqual([{ type: 'send', entityTag: undefined, expires: 300, state: here }])
    feed(machine, 10, ok)
    machine.wake(machine.deadline, [])
    expect(feed(machine, 20, { type: 'response', statusCode: 412 })).toEqual([{ type: 'send', entityTag: undefined, expires: 300, state: here }])
  })

  it('is tried again after a setback, later each time, once it has stood', () => {
    const machine = new Publisher(3600)
    feed(machine, 0, start, ok, { type: 'publish', state: away })
    feed(machine, 0, { type: 'response', statusCode: 503, retryAfter: 20 })
    expect(machine.deadline).toBe(20_000)
    const out: PublisherEffect[] = []
    machine.wake(20_000, out)
    expect(out).toMatchObject([{ type: 'send', state: away }])
    feed(machine, 21_000, { type: 'failed' })
    expect(machine.deadline).toBe(21_000 + 4000)
    const fresh = new Publisher(3600)
    expect(feed(fresh, 0, start, { type: 'failed' })).toMatchObject([{ type: 'send' }, { type: 'ended', why: 'refused', statusCode: 408 }])
  })
})

describe('RFC 3903 on the wire', () => {
  it('publishes for our own address, keeps the entity tag, and takes it back', async () => {
    const network = createTestNetwork()
    const publishing = publications()
    const alice = network.agent('alice', { extensions: [publishing], server: 'sip:192.0.2.99' })
    const server = new RawPeer(network)
    const publication = publishing.publish('presence', here)
    const first = await server.nextRequest('PUBLISH')
    expect([String(first.requestUri), first.headers.get('Event'), first.headers.get('Expires'), first.headers.has('SIP-If-Match')]).toEqual(['sip:alice@example.test', 'presence', '3600', false])
    expect([first.headers.get('Content-Type'), new TextDecoder().decode(first.body)]).toEqual(['text/plain', 'here'])
    server.respond(first, 200, { headers: [['SIP-ETag', 'x1'], ['Expires', '100']] })
    expect(await network.run(publication.published)).toEqual({ ok: true })
    const renewed = await server.nextRequest('PUBLISH')
    expect(network.clock.now()).toBeGreaterThan(60_000)
    expect([renewed.headers.get('SIP-If-Match'), renewed.body.length]).toEqual(['x1', 0])
    server.respond(renewed, 200, { headers: [['SIP-ETag', 'x2'], ['Expires', '100']] })
    await network.advance(50)
    const updated = publication.update(away)
    const changed = await server.nextRequest('PUBLISH')
    expect([changed.headers.get('SIP-If-Match'), new TextDecoder().decode(changed.body)]).toEqual(['x2', 'away'])
    server.respond(changed, 200, { headers: [['SIP-ETag', 'x3']] })
    expect(await network.run(updated)).toEqual({ ok: true })
    const removed = publication.remove()
    const last = await server.nextRequest('PUBLISH')
    expect([last.headers.get('SIP-If-Match'), last.headers.get('Expires'), last.body.length]).toEqual(['x3', '0', 0])
    server.respond(last, 200)
    expect(await network.run(removed)).toEqual({ ok: true })
    expect(await publication.update(here)).toMatchObject({ ok: false, status: 0 })
    await expectNothingLeft(network, alice)
  })

  it('tells a refusal, an end of the agent, and misuse', async () => {
    const network = createTestNetwork()
    const publishing = publications()
    const alice = network.agent('alice', { extensions: [publishing], server: 'sip:192.0.2.99' })
    const server = new RawPeer(network)
    const refused = publishing.publish('dialog', here)
    server.respond(await server.nextRequest('PUBLISH'), 489)
    expect(await network.run(refused.published)).toEqual({ ok: false, status: 489, reason: 'Bad Event' })
    expect(await refused.update(away)).toMatchObject({ ok: false, status: 489 })
    expect(() => publishing.publish('presence', here, { target: '' })).toThrow(expect.objectContaining({ code: 'bad-target' }) as Error)
    expect(() => publications().publish('presence', here)).toThrow(expect.objectContaining({ code: 'missing-extension' }) as Error)
    const open = publishing.publish('presence', here)
    server.respond(await server.nextRequest('PUBLISH'), 200, { headers: [['SIP-ETag', 'x1']] })
    await network.run(open.published)
    await network.run(alice.close())
    expect(await open.ended).toMatchObject({ ok: false })
    await network.close()
    expect(network.clock.pending).toBe(0)
  })
})

// Both ends of a subscription, every input in every state.
import { describe, expect, it } from 'vitest'
import { Notifier, Subscriber } from '../../src/index.js'
import type { NotifierEffect, NotifierInput, NotifierState, SubscriberEffect, SubscriberInput, SubscriberState } from '../../src/index.js'
import { NOTIFIER } from '../../src/subscription/notifier.js'
import { SUBSCRIBER } from '../../src/subscription/subscriber.js'
import { endsSubscription, resubscribeDelay } from '../../src/subscription/subscription-end.js'

const N = 32_000
const body = { contentType: 'text/plain', body: 'x' }

describe('RFC 6665 §4.1.2 the subscriber', () => {
  const inputs: readonly SubscriberInput[] = [
    { type: 'sent' }, { type: 'accepted' }, { type: 'accepted', expires: 60 }, { type: 'refused', statusCode: 403 }, { type: 'refused', statusCode: 481 },
    { type: 'refused', statusCode: 423, minExpires: 7200 }, { type: 'failed' }, { type: 'notify', state: 'pending' }, { type: 'notify', state: 'active', expires: 60 },
    { type: 'notify', state: 'terminated', reason: 'noresource' }, { type: 'notify', state: 'moved' }, { type: 'unsubscribe' },
  ]
  const reach: Readonly<Record<SubscriberState, readonly SubscriberInput[]>> = {
    notify_wait: [], pending: [{ type: 'notify', state: 'pending' }], active: [{ type: 'notify', state: 'active' }], terminated: [{ type: 'notify', state: 'terminated' }],
  }
  const make = (refresh = true): Subscriber => new Subscriber({ expires: 3600, refresh, timerN: N })
  const feed = (machine: Subscriber, now: number, ...given: readonly SubscriberInput[]): SubscriberEffect[] => {
    const out: SubscriberEffect[] = []
    for (const input of given) machine.receive(now, input, out)
    return out
  }

  for (const state of Object.keys(SUBSCRIBER) as SubscriberState[]) {
    for (const input of inputs) {
      it(`${state}: ${JSON.stringify(input)}`, () => {
        const machine = make()
        feed(machine, 0, { type: 'sent' }, ...reach[state])
        expect(machine.state).toBe(state)
        const out = feed(machine, 1000, input)
        const steps = Object.values(SUBSCRIBER[state])
        expect([state, ...steps]).toContain(machine.state)
        expect(out.filter(({ type }) => type === 'ended')).toHaveLength(machine.state === 'terminated' && state !== 'terminated' ? 1 : 0)
        expect(out.some((effect) => effect.type === 'state' && effect.state === machine.state)).toBe(machine.state !== state)
        if (machine.state === 'terminated') expect(machine.deadline).toBe(Infinity)
        else {
          // Whatever happens, it ends when nothing more is heard.
          for (let rounds = 0; machine.deadline !== Infinity && rounds < 10; rounds++) machine.wake(machine.deadline, out)
          expect(machine.state).toBe('terminated')
        }
      })
    }
  }

  it('§4.1.2.4: waits timer N for a NOTIFY, and no longer', () => {
    const machine = make()
    feed(machine, 100, { type: 'sent' }, { type: 'accepted' })
    const out: SubscriberEffect[] = []
    machine.wake(100 + N - 1, out)
    expect(out).toEqual([])
    machine.wake(100 + N, out)
    expect(out).toEqual([{ type: 'state', state: 'terminated' }, { type: 'ended', why: 'timed-out', resubscribeIn: 0 }])
  })

  it('§4.1.2.2: renews before it expires, and lasts as long as a NOTIFY says', () => {
    const machine = make()
    feed(machine, 0, { type: 'sent' }, { type: 'accepted', expires: 3600 }, { type: 'notify', state: 'active', expires: 600 })
    expect(machine.deadline).toBe(600_000 - N)
    const out: SubscriberEffect[] = []
    machine.wake(machine.deadline, out)
    expect(out).toEqual([{ type: 'subscribe', expires: 3600 }])
    feed(machine, 570_000, { type: 'accepted', expires: 40 }, { type: 'notify', state: 'active' })
    expect(machine.deadline).toBe(570_000 + 20_000)
  })

  it('§4.1.2.2: a refresh that fails for a reason that may pass leaves it be until it expires; one that says it is gone ends it', () => {
    for (const [input, ends] of [[{ type: 'refused', statusCode: 500 }, false], [{ type: 'failed' }, false], [{ type: 'refused', statusCode: 481 }, true]] as const) {
      const machine = make()
      feed(machine, 0, { type: 'sent' }, { type: 'notify', state: 'active', expires: 1000 })
      machine.wake(machine.deadline, [])
      feed(machine, 970_000, input)
      expect(machine.state === 'terminated').toBe(ends)
      if (!ends) expect(machine.deadline).toBe(1_000_000 + N)
    }
  })

  it('§4.2.1.1: asks for longer when that is too short for the notifier', () => {
    const machine = make()
    feed(machine, 0, { type: 'sent' }, { type: 'notify', state: 'active', expires: 1000 })
    machine.wake(machine.deadline, [])
    expect(feed(machine, 970_000, { type: 'refused', statusCode: 423, minExpires: 7200 })).toEqual([{ type: 'subscribe', expires: 7200 }])
  })

  it('§4.1.2.3: ends itself by a SUBSCRIBE, which waits for the dialog', () => {
    const machine = make()
    expect(feed(machine, 0, { type: 'sent' }, { type: 'unsubscribe' }, { type: 'unsubscribe' })).toEqual([])
    expect(feed(machine, 10, { type: 'notify', state: 'active', expires: 60 })).toEqual([{ type: 'state', state: 'active' }, { type: 'subscribe', expires: 0 }])
    expect(feed(machine, 20, { type: 'accepted', expires: 0 })).toEqual([])
    expect(feed(machine, 30, { type: 'notify', state: 'terminated', reason: 'timeout' })).toEqual([{ type: 'state', state: 'terminated' }, { type: 'ended', why: 'unsubscribed', reason: 'timeout', resubscribeIn: 0 }])
  })

  it('is not renewed where nobody wants that', () => {
    const machine = make(false)
    feed(machine, 0, { type: 'sent' }, { type: 'notify', state: 'active', expires: 60 })
    expect(machine.deadline).toBe(60_000 + N)
  })

  it('§4.1.3: the reasons for which another may be made', () => {
    const of = (reason?: string, retryAfter?: number): number | undefined => resubscribeDelay(reason, retryAfter)
    expect([of('rejected', 5), of('noresource', 5), of('Invariant', 31_536_000)]).toEqual([undefined, undefined, undefined])
    expect([of('deactivated', 5), of('timeout', 5)]).toEqual([0, 0])
    expect([of('probation', 30), of('giveup', 30), of('giveup'), of(undefined, 3), of('whatever')]).toEqual([30_000, 30_000, 0, 3000, 0])
    expect(of('probation')).toBeGreaterThan(0)
    expect([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604].every(endsSubscription)).toBe(true)
    expect([400, 401, 403, 408, 486, 500, 503, 603].some(endsSubscription)).toBe(false)
  })
})

describe('RFC 6665 §4.2.2 the notifier', () => {
  const inputs: readonly NotifierInput[] = [
    { type: 'subscribed', expires: 60, granted: false }, { type: 'subscribed', expires: 60, granted: true }, { type: 'subscribed', expires: 0, granted: true }, { type: 'grant' },
    { type: 'changed', body }, { type: 'end', reason: 'noresource' }, { type: 'answered', statusCode: 200 }, { type: 'answered', statusCode: 481 },
    { type: 'answered', statusCode: 500, retryAfter: 5 }, { type: 'failed' },
  ]
  const reach: Readonly<Record<NotifierState, readonly NotifierInput[]>> = {
    resp_wait: [], pending: [{ type: 'subscribed', expires: 60, granted: false }], active: [{ type: 'subscribed', expires: 60, granted: true }],
    terminated: [{ type: 'subscribed', expires: 60, granted: true }, { type: 'end', reason: 'noresource' }],
  }
  const make = (interval = 0): Notifier => new Notifier({ interval })
  const feed = (machine: Notifier, now: number, ...given: readonly NotifierInput[]): NotifierEffect[] => {
    const out: NotifierEffect[] = []
    for (const input of given) machine.receive(now, input, out)
    return out
  }
  const told = (effects: readonly NotifierEffect[]): readonly string[] => effects.map((effect) => (effect.type === 'notify' ? effect.state : effect.type))

  for (const state of Object.keys(NOTIFIER) as NotifierState[]) {
    for (const input of inputs) {
      it(`${state}: ${JSON.stringify(input)}`, () => {
        const machine = make()
        const before = feed(machine, 0, ...reach[state])
        expect(machine.state).toBe(state)
        const out = feed(machine, 1000, input)
        expect([state, ...Object.values(NOTIFIER[state])]).toContain(machine.state)
        // One at a time: a second NOTIFY only after the first was answered.
        if (told(before).some((what) => what !== 'ended') && input.type !== 'answered') expect(told(out).filter((what) => what !== 'ended')).toEqual([])
        // Answered from now on, it ends when its time is up, and says so last.
        const all = [...before, ...out]
        for (let rounds = 0; rounds < 20 && told(all).at(-1) !== 'ended'; rounds++) {
          all.push(...feed(machine, 1000, { type: 'answered', statusCode: 200 }))
          if (machine.deadline !== Infinity) machine.wake(machine.deadline, all)
        }
        if (state !== 'resp_wait' || input.type === 'subscribed' || input.type === 'end') {
          expect(told(all).at(-1)).toBe('ended')
          expect(machine.state).toBe('terminated')
          expect(machine.deadline).toBe(Infinity)
        }
      })
    }
  }

  it('§4.2.1.2: tells the state at once, then what changes, the latest alone', () => {
    const machine = make()
    expect(feed(machine, 0, { type: 'changed', body }, { type: 'subscribed', expires: 60, granted: true })).toEqual([{ type: 'notify', state: 'active', expires: 60, body }])
    const later = { ...body, body: 'z' }
    expect(feed(machine, 500, { type: 'changed', body: { ...body, body: 'y' } }, { type: 'changed', body: later })).toEqual([])
    expect(feed(machine, 1500, { type: 'answered', statusCode: 200 })).toEqual([{ type: 'notify', state: 'active', expires: 59, body: later }])
    expect(feed(machine, 1600, { type: 'answered', statusCode: 200 })).toEqual([])
  })

  it('waits between two, but not with the last', () => {
    const machine = make(1000)
    feed(machine, 0, { type: 'subscribed', expires: 60, granted: true }, { type: 'answered', statusCode: 200 })
    expect(feed(machine, 100, { type: 'changed', body })).toEqual([])
    expect(machine.deadline).toBe(1000)
    const out: NotifierEffect[] = []
    machine.wake(1000, out)
    expect(told(out)).toEqual(['active'])
    feed(machine, 1010, { type: 'answered', statusCode: 200 })
    expect(feed(machine, 1020, { type: 'end', reason: 'noresource', body })).toEqual([{ type: 'notify', state: 'terminated', reason: 'noresource', retryAfter: undefined, body }])
    expect(feed(machine, 1030, { type: 'changed', body }, { type: 'answered', statusCode: 200 })).toEqual([{ type: 'ended', why: 'told' }])
  })

  it('§4.2.1.4: says that it expired', () => {
    const machine = make()
    feed(machine, 0, { type: 'subscribed', expires: 60, granted: false }, { type: 'answered', statusCode: 200 }, { type: 'subscribed', expires: 90, granted: false })
    feed(machine, 10, { type: 'answered', statusCode: 200 })
    expect(machine.deadline).toBe(90_000)
    const out: NotifierEffect[] = []
    machine.wake(90_000, out)
    expect(out).toMatchObject([{ type: 'notify', state: 'terminated', reason: 'timeout' }])
  })

  it('§4.2.2: a subscriber that is gone is told nothing more; one that puts off is told again, three times', () => {
    for (const input of [{ type: 'failed' }, { type: 'answered', statusCode: 481 }] as const) {
      const machine = make()
      feed(machine, 0, { type: 'subscribed', expires: 60, granted: true })
      expect(feed(machine, 5, input)).toEqual([{ type: 'ended', why: 'lost' }])
    }
    const machine = make()
    feed(machine, 0, { type: 'subscribed', expires: 600, granted: true }, { type: 'end', reason: 'noresource' })
    const out: NotifierEffect[] = feed(machine, 5, { type: 'answered', statusCode: 200 })
    for (let time = 0; time < 3; time++) {
      out.push(...feed(machine, machine.deadline === Infinity ? 10 : machine.deadline, { type: 'answered', statusCode: 503, retryAfter: 7 }))
      machine.wake(machine.deadline, out)
    }
    expect(told(out)).toEqual(['terminated', 'terminated', 'terminated', 'terminated'])
    expect(feed(machine, 100_000, { type: 'answered', statusCode: 503 })).toEqual([{ type: 'ended', why: 'lost' }])
  })
})

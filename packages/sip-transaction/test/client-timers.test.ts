import { describe, expect, it } from 'vitest'
import { InviteClientTransaction } from '../src/invite-client-transaction.js'
import { NonInviteClientTransaction } from '../src/non-invite-client-transaction.js'
import type { TimerValues } from '../src/timer-values.js'
import type { Effect } from './support/figure.js'
import { optionsOf, requestOf, responseTo } from './support/messages.js'
import { timelineOf } from './support/timeline.js'

const invite = requestOf('INVITE')
const register = requestOf('REGISTER')

function inviteTimeline(reliable: boolean, responses: readonly (readonly [number, number, string?])[] = [], timers: Partial<TimerValues> = {}): string[] {
  const inputs = responses.map(([at, statusCode, tag]) => [at, responseTo(invite, statusCode, tag)] as const)
  return timelineOf(new InviteClientTransaction(optionsOf(invite, reliable, timers)), inputs)
}

function registerTimeline(reliable: boolean, responses: readonly (readonly [number, number])[] = [], timers: Partial<TimerValues> = {}): string[] {
  const inputs = responses.map(([at, statusCode]) => [at, responseTo(register, statusCode)] as const)
  return timelineOf(new NonInviteClientTransaction(optionsOf(register, reliable, timers)), inputs)
}

describe('RFC 3261 §17.1.1.2 INVITE client transaction', () => {
  it('unreliable: retransmits at T1, 3·T1, 7·T1… until timer B at 64·T1', () => {
    expect(inviteTimeline(false)).toEqual([
      '0 INVITE sent', '500 INVITE sent again', '1500 INVITE sent again', '3500 INVITE sent again', '7500 INVITE sent again',
      '15500 INVITE sent again', '31500 INVITE sent again', '32000 timer B to TU', '32000 end',
    ])
  })

  it('reliable: sends once, and gives up with timer B at 64·T1', () => {
    expect(inviteTimeline(true)).toEqual(['0 INVITE sent', '32000 timer B to TU', '32000 end'])
  })

  it.each([false, true])('stops timers A and B with the first provisional response, for ever (reliable: %s)', (reliable) => {
    expect(inviteTimeline(reliable, [[400, 100]])).toEqual(['0 INVITE sent', '400 100 to TU'])
  })

  it('unreliable: timer D answers retransmissions for 32 s', () => {
    expect(inviteTimeline(false, [[100, 486], [600, 486], [32_099, 486], [32_101, 486]])).toEqual([
      '0 INVITE sent', '100 ACK sent', '100 486 to TU', '600 ACK sent again', '32099 ACK sent again', '32100 end',
    ])
  })

  it('unreliable: timer D is never shorter than 32 s, and grows with T1', () => {
    expect(inviteTimeline(false, [[10, 486]], { t1: 50 }).at(-1)).toBe('32010 end')
    expect(inviteTimeline(false, [[10, 486]], { t1: 1000 }).at(-1)).toBe('64010 end')
  })

  it('reliable: timer D is zero', () => {
    expect(inviteTimeline(true, [[100, 486]])).toEqual(['0 INVITE sent', '100 ACK sent', '100 486 to TU', '100 end'])
  })

  it('follows T1', () => {
    expect(inviteTimeline(false, [], { t1: 100 })).toEqual([
      '0 INVITE sent', '100 INVITE sent again', '300 INVITE sent again', '700 INVITE sent again', '1500 INVITE sent again',
      '3100 INVITE sent again', '6300 INVITE sent again', '6400 timer B to TU', '6400 end',
    ])
  })

  it('acknowledges a final response from another fork with that fork\'s To tag', () => {
    const out: Effect[] = []
    const machine = new InviteClientTransaction(optionsOf(invite, false))
    machine.receive(0, 'start', [])
    for (const tag of ['one', 'one', 'two', 'two', 'one']) {
      machine.receive(1, responseTo(invite, 486, tag), out)
    }
    const tags = out.flatMap((effect) => (effect.type === 'send' ? [effect.message.to.tag] : []))
    expect(tags).toEqual(['one', 'one', 'two', 'two', 'one'])
  })
})

describe('RFC 6026 §7.2 INVITE client transaction, accepted', () => {
  it.each([false, true])('hands on every 2xx until timer M at 64·T1, and never acknowledges (reliable: %s)', (reliable) => {
    expect(inviteTimeline(reliable, [[100, 180], [2000, 200, 'a'], [2500, 200, 'a'], [3000, 200, 'b'], [4000, 180], [4100, 486], [33_999, 200, 'c'], [34_001, 200, 'd']]))
      .toEqual([
        '0 INVITE sent', '100 180 to TU', '2000 200 to TU', '2500 200 to TU', '3000 200 to TU', '33999 200 to TU', '34000 end',
      ])
  })
})

describe('RFC 3261 §17.1.2.2 non-INVITE client transaction', () => {
  it('unreliable: timer E doubles from T1 up to T2 until timer F at 64·T1', () => {
    expect(registerTimeline(false)).toEqual([
      '0 REGISTER sent', ...[500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500].map((at) => `${String(at)} REGISTER sent again`),
      '32000 timer F to TU', '32000 end',
    ])
  })

  it('reliable: sends once, and gives up with timer F at 64·T1', () => {
    expect(registerTimeline(true)).toEqual(['0 REGISTER sent', '32000 timer F to TU', '32000 end'])
  })

  it('unreliable: after a provisional response timer E runs at T2, and timer F goes on', () => {
    expect(registerTimeline(false, [[600, 100]])).toEqual([
      '0 REGISTER sent', '500 REGISTER sent again', '600 100 to TU',
      ...[1500, 5500, 9500, 13_500, 17_500, 21_500, 25_500, 29_500].map((at) => `${String(at)} REGISTER sent again`),
      '32000 timer F to TU', '32000 end',
    ])
  })

  it('reliable: a provisional response starts no retransmission', () => {
    expect(registerTimeline(true, [[600, 100]])).toEqual(['0 REGISTER sent', '600 100 to TU', '32000 timer F to TU', '32000 end'])
  })

  it('unreliable: timer K absorbs retransmissions for T4', () => {
    expect(registerTimeline(false, [[100, 200], [5099, 200]])).toEqual(['0 REGISTER sent', '100 200 to TU', '5100 end'])
    expect(registerTimeline(false, [[100, 200]], { t4: 700 }).at(-1)).toBe('800 end')
  })

  it('reliable: timer K is zero', () => {
    expect(registerTimeline(true, [[100, 200]])).toEqual(['0 REGISTER sent', '100 200 to TU', '100 end'])
  })

  it('follows T2', () => {
    expect(registerTimeline(false, [], { t1: 100, t2: 250 }).slice(0, 5)).toEqual([
      '0 REGISTER sent', '100 REGISTER sent again', '300 REGISTER sent again', '550 REGISTER sent again', '800 REGISTER sent again',
    ])
  })
})

describe('a late wake-up', () => {
  it('fires what is due once, and counts on from the present', () => {
    const machine = new InviteClientTransaction(optionsOf(invite, false))
    machine.receive(0, 'start', [])
    const out: Effect[] = []
    machine.wake(9000, out)
    expect(out.map(({ type }) => type)).toEqual(['send'])
    expect(machine.deadline).toBe(10_000)
  })
})

import { describe, expect, it } from 'vitest'
import { InviteClientTransaction } from '../src/invite-client-transaction.js'
import { InviteServerTransaction } from '../src/invite-server-transaction.js'
import { NonInviteClientTransaction } from '../src/non-invite-client-transaction.js'
import { NonInviteServerTransaction } from '../src/non-invite-server-transaction.js'
import type { TimerValues } from '../src/timer-values.js'
import type { TransactionEvent } from '../src/transition-table.js'
import type { Effect } from './support/figure.js'
import { optionsOf, requestOf, responseTo } from './support/messages.js'
import { timelineOf } from './support/timeline.js'

type Step = readonly [at: number, what: number | 'INVITE' | 'ACK' | 'MESSAGE']

const invite = requestOf('INVITE')
const message = requestOf('MESSAGE')

function inputsOf(original: typeof invite, steps: readonly Step[]): (readonly [number, TransactionEvent])[] {
  return steps.map(([at, what]) => [at, typeof what === 'number' ? responseTo(original, what) : requestOf(what)])
}

const inviteTimeline = (reliable: boolean, steps: readonly Step[] = [], timers: Partial<TimerValues> = {}): string[] =>
  timelineOf(new InviteServerTransaction(optionsOf(invite, reliable, timers)), inputsOf(invite, steps))

const messageTimeline = (reliable: boolean, steps: readonly Step[] = [], timers: Partial<TimerValues> = {}): string[] =>
  timelineOf(new NonInviteServerTransaction(optionsOf(message, reliable, timers)), inputsOf(message, steps))

describe('RFC 3261 §17.2.1 INVITE server transaction', () => {
  it.each([false, true])('sends 100 after 200 ms of silence, and then waits for ever (reliable: %s)', (reliable) => {
    expect(inviteTimeline(reliable)).toEqual(['0 INVITE to TU', '200 100 sent'])
  })

  it('sends no 100 when the TU answers within 200 ms', () => {
    expect(inviteTimeline(false, [[199, 180]])).toEqual(['0 INVITE to TU', '199 180 sent'])
  })

  it('has nothing to wake up for once the TU has answered provisionally', () => {
    const machine = new InviteServerTransaction(optionsOf(invite, false))
    machine.receive(0, 'start', [])
    expect(machine.deadline).toBe(200)
    machine.receive(100, responseTo(invite, 180), [])
    expect(machine.deadline).toBe(Infinity)
  })

  it('repeats the last provisional response to each retransmission', () => {
    expect(inviteTimeline(false, [[100, 'INVITE'], [500, 'INVITE'], [600, 180], [1500, 'INVITE'], [1600, 183], [3500, 'INVITE']])).toEqual([
      '0 INVITE to TU', '200 100 sent', '500 100 sent again', '600 180 sent', '1500 180 sent again', '1600 183 sent', '3500 183 sent again',
    ])
  })

  it('unreliable: timer G doubles from T1 up to T2 until timer H at 64·T1', () => {
    expect(inviteTimeline(false, [[100, 486]])).toEqual([
      '0 INVITE to TU', '100 486 sent',
      ...[600, 1600, 3600, 7600, 11_600, 15_600, 19_600, 23_600, 27_600, 31_600].map((at) => `${String(at)} 486 sent again`),
      '32100 timer H to TU', '32100 end',
    ])
  })

  it('reliable: sends once, timer H ends it at 64·T1', () => {
    expect(inviteTimeline(true, [[100, 486]])).toEqual(['0 INVITE to TU', '100 486 sent', '32100 timer H to TU', '32100 end'])
  })

  it('unreliable: the ACK stops timer G, timer I absorbs further ones for T4', () => {
    expect(inviteTimeline(false, [[100, 486], [700, 'ACK'], [1700, 'ACK'], [1800, 'INVITE']])).toEqual([
      '0 INVITE to TU', '100 486 sent', '600 486 sent again', '5700 end',
    ])
  })

  it('reliable: timer I is zero', () => {
    expect(inviteTimeline(true, [[100, 486], [700, 'ACK']])).toEqual(['0 INVITE to TU', '100 486 sent', '700 end'])
  })
})

describe('what is held', () => {
  it.each([
    ['accepted', InviteServerTransaction, invite, [responseTo(invite, 180), responseTo(invite, 200)], []],
    ['completed', InviteServerTransaction, invite, [responseTo(invite, 486)], ['sent']],
    ['confirmed', InviteServerTransaction, invite, [responseTo(invite, 486), requestOf('ACK')], []],
    ['completed', NonInviteServerTransaction, message, [responseTo(message, 200)], ['sent']],
    ['completed', InviteClientTransaction, invite, [responseTo(invite, 486)], ['request', 'sent', 'ack']],
    ['accepted', InviteClientTransaction, invite, [responseTo(invite, 180), responseTo(invite, 200)], []],
    ['completed', NonInviteClientTransaction, message, [responseTo(message, 200)], []],
  ])('%s: of the messages only what may be sent again, or made something of (%#)', (state, Machine, request, events, held) => {
    const machine = new Machine(optionsOf(request, false))
    for (const event of ['start', ...events] as TransactionEvent[]) machine.receive(0, event, [])
    expect(machine.state).toBe(state)
    expect((['request', 'sent', 'ack'] as const).filter((name) => machine[name] !== undefined)).toEqual(held)
  })
})

describe('RFC 6026 §7.1 INVITE server transaction, accepted', () => {
  it.each([false, true])('absorbs INVITEs, lets the TU\'s 2xx out and ACKs in, until timer L at 64·T1 (reliable: %s)', (reliable) => {
    expect(inviteTimeline(reliable, [[100, 200], [500, 'INVITE'], [600, 200], [700, 'ACK'], [800, 'ACK'], [900, 486], [32_099, 'INVITE']])).toEqual([
      '0 INVITE to TU', '100 200 sent', '600 200 sent', '700 ACK to TU', '800 ACK to TU', '32100 end',
    ])
  })

  it('marks a 2xx that the TU hands in again as a retransmission', () => {
    const options = optionsOf(invite, false)
    const { key, flow } = options
    const machine = new InviteServerTransaction(options)
    machine.receive(0, 'start', [])
    const ok = responseTo(invite, 200)
    const out: Effect[] = []
    machine.receive(1, ok, out)
    machine.receive(500, ok, out)
    expect(out).toEqual([
      { type: 'send', message: ok, flow, retransmission: false, key },
      { type: 'send', message: ok, flow, retransmission: true, key },
    ])
  })
})

describe('RFC 3261 §17.2.2 non-INVITE server transaction', () => {
  it('unreliable: timer J repeats the response to retransmissions for 64·T1', () => {
    expect(messageTimeline(false, [[50, 'MESSAGE'], [100, 200], [500, 'MESSAGE'], [600, 404], [32_099, 'MESSAGE'], [32_101, 'MESSAGE']])).toEqual([
      '0 MESSAGE to TU', '100 200 sent', '500 200 sent again', '32099 200 sent again', '32100 end',
    ])
  })

  it('reliable: timer J is zero', () => {
    expect(messageTimeline(true, [[100, 200]])).toEqual(['0 MESSAGE to TU', '100 200 sent', '100 end'])
  })
})

describe('RFC 4320 §4.1 provisional responses to non-INVITE requests', () => {
  it.each([false, true])('sends 100 when timer E of the client would be reset to T2, after 3.5 s (reliable: %s)', (reliable) => {
    expect(messageTimeline(reliable).slice(0, 2)).toEqual(['0 MESSAGE to TU', '3500 100 sent'])
  })

  it('reckons that time from T1 and T2', () => {
    expect(messageTimeline(false, [], { t1: 100, t2: 1000 })[1]).toBe('1500 100 sent')
    expect(messageTimeline(false, [], { t1: 500, t2: 500 }).slice(0, 2)).toEqual(['0 MESSAGE to TU', '0 100 sent'])
  })

  it('unreliable: holds back an early 100 of the TU, and any other provisional response', () => {
    expect(messageTimeline(false, [[100, 100], [200, 180], [3600, 183], [3700, 'MESSAGE'], [4000, 200]])).toEqual([
      '0 MESSAGE to TU', '3500 100 sent', '3700 100 sent again', '4000 200 sent', '36000 end',
    ])
  })

  it('reliable: sends the TU\'s 100 at once, and never a 180', () => {
    expect(messageTimeline(true, [[100, 100], [200, 180], [300, 200]])).toEqual(['0 MESSAGE to TU', '100 100 sent', '300 200 sent', '300 end'])
  })
})

describe('RFC 4320 §4.2 no 408 to non-INVITE requests', () => {
  it('is silent instead, and absorbs what the client still sends', () => {
    expect(messageTimeline(false, [[31_000, 408], [31_500, 'MESSAGE']])).toEqual(['0 MESSAGE to TU', '3500 100 sent', '63000 end'])
    expect(messageTimeline(true, [[3000, 408]])).toEqual(['0 MESSAGE to TU', '3000 end'])
  })
})

describe('RFC 4320 §4.2 no late final responses to non-INVITE requests', () => {
  it('sends the last one at 64·T1, just before timer F of the client fires', () => {
    expect(messageTimeline(true, [[31_999, 200]])).toEqual(['0 MESSAGE to TU', '3500 100 sent', '31999 200 sent', '31999 end'])
  })

  it('unreliable: sends nothing from then on, whatever comes, and ends 64·T1 later', () => {
    expect(messageTimeline(false, [[32_001, 200], [32_002, 'MESSAGE'], [40_000, 503]])).toEqual(['0 MESSAGE to TU', '3500 100 sent', '64000 end'])
  })

  it('reliable: ends at once', () => {
    expect(messageTimeline(true, [[32_001, 200]])).toEqual(['0 MESSAGE to TU', '3500 100 sent', '32000 end'])
  })

  it('follows T1', () => {
    expect(messageTimeline(true, [], { t1: 50, t2: 100 })).toEqual(['0 MESSAGE to TU', '50 100 sent', '3200 end'])
  })
})

import { describe, expect, it } from 'vitest'
import type { TransactionEffect } from '../../src/layer-messages.js'
import type { TransitionTable } from '../../src/transition-table.js'
import type { TestHop } from './messages.js'

export type Effect = TransactionEffect<TestHop>

export interface Probe {
  readonly state: string
  readonly deadline: number
}

/** One transaction under test: put into a state, fed one event, its effects read in the figure's words. */
export interface Subject<Event extends string> {
  readonly machine: Probe
  feed(event: Event, out: Effect[]): void
}

export interface FigureTest<State extends string, Event extends string> {
  readonly title: string
  readonly table: TransitionTable<State, Event>
  /** Every event there is: the table may leave some out, the test may not. */
  readonly events: readonly Event[]
  /**
   * Written from the figure: `state | event | next state | effects`. What is not listed changes nothing and does nothing, and
   * may be missing in the table as well as what is listed as that.
   */
  readonly figure: string
  /** A fresh transaction in that state. */
  readonly enter: (state: State | 'terminated', reliable: boolean) => Subject<Event>
  readonly hops?: readonly boolean[]
}

interface Row { readonly next: string; readonly effects: string }

function rowsOf(figure: string): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const line of figure.split('\n')) {
    if (line.trim() === '') continue
    const [state = '', event = '', next = '', effects = ''] = line.split('|').map((cell) => cell.trim())
    rows.set(`${state} | ${event}`, { next, effects })
  }
  return rows
}

/** An effect in the figure's words. */
export function nameOf(effect: Effect): string {
  switch (effect.type) {
    case 'send': {
      const what = effect.message.kind === 'request' ? effect.message.method : String(effect.message.statusCode)
      return `${what} ${effect.retransmission ? 'sent again' : 'sent'}`
    }
    case 'response': return `${effect.response.statusCode} to TU`
    case 'request': return `${effect.request.method} to TU`
    case 'ack': return 'ACK to TU'
    case 'timeout': return `timer ${effect.timer} to TU`
    case 'flow-failed': return 'error to TU'
    case 'ended': return 'end'
    case 'cancel': case 'stray-response': case 'refused': throw new TypeError(`no machine has the effect ${effect.type} here`)
  }
}

/** Feeds every event in every state and compares with the figure. */
export function testFigure<State extends string, Event extends string>(test: FigureTest<State, Event>): void {
  const rows = rowsOf(test.figure)
  const states = [...(Object.keys(test.table) as State[]), 'terminated' as const]
  const isDrawn = ([cell, { next, effects }]: [string, Row]): boolean => effects !== '' || !cell.startsWith(`${next} |`)
  describe(test.title, () => {
    it('has a row in the table for each arrow of the figure, and no other', () => {
      const arrows = Object.entries<Readonly<Partial<Record<Event, unknown>>>>(test.table).flatMap(([state, row]) => Object.entries(row).map(([event, transition]) => {
        const [next] = transition as readonly [string]
        return `${state} | ${event} | ${next}`
      }))
      expect(arrows.sort()).toEqual([...rows].filter(isDrawn).map(([cell, { next }]) => `${cell} | ${next}`).sort())
    })

    for (const reliable of test.hops ?? [false, true]) {
      for (const state of states) {
        for (const event of test.events) {
          const row = rows.get(`${state} | ${event}`)
          it(`${reliable ? 'reliable' : 'unreliable'}: ${state}, ${event} → ${row?.next ?? 'nothing'}`, () => {
            const subject = test.enter(state, reliable)
            expect(subject.machine.state).toBe(state)
            const deadline = subject.machine.deadline
            const out: Effect[] = []
            subject.feed(event, out)
            expect(subject.machine.state).toBe(row?.next ?? state)
            expect(out.map(nameOf).join(', ')).toBe(row?.effects ?? '')
            if (row === undefined) expect(subject.machine.deadline).toBe(deadline)
            if (subject.machine.state === 'terminated') expect(subject.machine.deadline).toBe(Infinity)
          })
        }
      }
    }
  })
}

// What the rows of the table must reach, and what they aim at.
import type { Goal } from './row.ts'

/** At least so many times less than the other system takes. */
export const faster = (system: string, factor: number): Goal => ({
  text: () => `≥ ${Number(factor.toFixed(2))}× ${system}`,
  met: ({ ratios }) => compare(ratios.get(system), (ratio) => ratio >= factor),
  aim: false,
})

/** At most so many times what the other system takes. */
export const within = (system: string, factor: number): Goal => ({
  text: ({ ratios }) => `≤ ${factor}× the ${system}${system === 'floor' || !ratios.has(system) ? '' : ` (${(1 / (ratios.get(system) ?? NaN)).toFixed(2)}×)`}`,
  met: ({ ratios }) => compare(ratios.get(system), (ratio) => 1 / ratio <= factor),
  aim: false,
})

/** At most so much, in the unit of the row. */
export const atMost = (value: number): Goal => ({
  text: ({ unit }) => `≤ ${value} ${unit}`,
  met: ({ values }) => compare(values.get('offhook'), (ours) => ours <= value),
  aim: false,
})

/** The same, but as something to aim at. */
export const aim = (goal: Goal): Goal => ({ ...goal, text: (row) => `aim ${goal.text(row)}`, aim: true })

const compare = (value: number | undefined, passes: (value: number) => boolean): boolean | undefined => (value === undefined ? undefined : passes(value))

export const goals: Readonly<Record<string, readonly Goal[]>> = {
  'parse, routing set': [
    faster('jssip', 60), faster('jssip', 150), faster('sip', 8), faster('Sofia-SIP', 1.6), faster('libosip2', 4),
    aim(faster('sip', 10)), aim(faster('Sofia-SIP', 3)), aim(within('floor', 3)),
  ],
  'parse, everything typed': [faster('jssip', 25), faster('sip', 2), faster('libosip2', 1.2), faster('Sofia-SIP', 0.5), aim(faster('Sofia-SIP', 1))],
  'INVITE to bytes': [faster('sip', 3.5), aim(within('floor', 1.5))],
  'proxy step': [faster('sip', 8)],
  'SDP parse': [faster('sdp-transform', 6), faster('Sofia-SIP', 1), aim(faster('sdp-transform', 9))],
  'SDP print': [faster('sdp-transform', 5), aim(faster('sdp-transform', 9))],
  'SDP parse + print': [faster('sdp-transform', 6), aim(faster('sdp-transform', 9))],
  'whole call, both ends': [faster('jssip', 15)],
  'non-INVITE transaction, both ends': [atMost(4)],
  'heap of a live transaction': [atMost(1024)],
  // 0.7 of the echo's rate.
  'OPTIONS over UDP, stateless': [within('floor', 1.43)],
  'OPTIONS over UDP, stateful': [within('floor', 2.5)],
  'the same with 500,000 live': [within('floor', 2.5), within('empty', 1.1)],
  'UDP server, CPU per 1,000 calls': [faster('sip', 1 / 0.35), within('floor', 1.6)],
  'bundle: user agent, calls, registration': [atMost(25)],
  'bundle: SDP': [atMost(4), aim(atMost(3))],
  'bundle: parser and printer': [atMost(6), aim(atMost(4.5))],
  'bundle: everything sip-parser has': [atMost(16), aim(atMost(12))],
}

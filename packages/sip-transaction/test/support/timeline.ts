import type { Instant } from '@offhook/sip-machine'
import type { Transaction } from '../../src/transaction.js'
import type { TransactionEvent } from '../../src/transition-table.js'
import { nameOf } from './figure.js'
import type { Effect } from './figure.js'
import type { TestHop } from './messages.js'

/** Starts the machine at 0, feeds the events at their instants and lets every deadline ring until `until`: `ms what`, in order. */
export function timelineOf(machine: Transaction<TestHop>, events: readonly (readonly [at: Instant, event: TransactionEvent])[], until = 200_000): string[] {
  const lines: string[] = []
  const step = (at: Instant, act: (out: Effect[]) => void): void => {
    const out: Effect[] = []
    act(out)
    lines.push(...out.map((effect) => `${String(at)} ${nameOf(effect)}`))
  }
  const ring = (limit: Instant): void => {
    while (machine.deadline <= limit) {
      const at = machine.deadline
      // A wake-up before the deadline, even by a hair, changes nothing.
      step(at - 0.001, (out) => machine.wake(at - 0.001, out))
      if (machine.deadline !== at) throw new RangeError(`an early wake-up moved the deadline from ${String(at)} to ${String(machine.deadline)}`)
      step(at, (out) => machine.wake(at, out))
    }
  }
  step(0, (out) => machine.receive(0, 'start', out))
  for (const [at, event] of events) {
    ring(at - 0.01)
    step(at, (out) => machine.receive(at, event, out))
  }
  ring(until)
  return lines
}

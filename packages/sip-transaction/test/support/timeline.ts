import type { Instant, Machine } from '@offhook/sip-machine'
import type { MachineEffect } from '../../src/transaction-effect.js'
import { nameOf } from './figure.js'

interface Startable<Input> extends Machine<Input, MachineEffect> {
  start(now: Instant, out: MachineEffect[]): void
}

/** Starts the machine at 0, feeds the inputs at their instants and lets every deadline ring until `until`: `ms what`, in order. */
export function timelineOf<Input>(machine: Startable<Input>, inputs: readonly (readonly [at: Instant, input: Input])[], until = 200_000): string[] {
  const lines: string[] = []
  const step = (at: Instant, act: (out: MachineEffect[]) => void): void => {
    const out: MachineEffect[] = []
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
  step(0, (out) => machine.start(0, out))
  for (const [at, input] of inputs) {
    ring(at - 0.01)
    step(at, (out) => machine.receive(at, input, out))
  }
  ring(until)
  return lines
}

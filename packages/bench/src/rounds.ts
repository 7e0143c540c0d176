// Interleaved rounds: every system does its share, in turn, in its own process; the figures are medians over the rounds.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Group } from './subject.ts'

/** CPU time per operation of one system under one task. */
export interface Figure {
  readonly system: string
  /** Median over the rounds, µs of CPU per operation, collector and compiler threads included. */
  readonly micros: number
  /** µs of each round, in order: ratios are taken round by round. */
  readonly rounds: readonly number[]
}

const host = fileURLToPath(new URL('host.ts', import.meta.url))

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

/** How many times less CPU `one` takes than `other`: the median of the per-round ratios. */
export const ratio = (one: Figure, other: Figure): number => median(one.rounds.map((micros, index) => (other.rounds[index] ?? NaN) / micros))

/** Measures every subject of a task. `share` is the CPU time of one round, ms. */
export async function measure(file: string, task: string, group: Group, { rounds = 7, share = 80 } = {}): Promise<Figure[]> {
  const runners = await Promise.all((group[task] ?? []).map(({ system }) => start(file, task, system)))
  try {
    for (const runner of runners) await runner.calibrate(share)
    for (let round = 0; round < rounds; round += 1) for (const runner of runners) await runner.round()
    return runners.map(({ system, micros }) => ({ system, micros: median(micros), rounds: micros }))
  } finally {
    for (const { child } of runners) child.kill()
  }
}

interface Runner {
  readonly system: string
  readonly child: ChildProcess
  readonly micros: number[]
  calibrate(share: number): Promise<void>
  round(): Promise<void>
}

async function start(file: string, task: string, system: string): Promise<Runner> {
  const child = fork(host, [file, task, system], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${system} ended with ${String(code)} under "${task}"`)))
  failed.catch(() => undefined)
  await Promise.race([once(child, 'message'), failed])
  const run = async (count: number): Promise<number> => {
    child.send(count)
    const [total] = (await Promise.race([once(child, 'message'), failed])) as [number]
    return total
  }
  const micros: number[] = []
  let count = 1
  return {
    system, child, micros,
    // Runs until the compilers are done with it (a second of CPU time), and finds out how many operations fill a share.
    calibrate: async (share) => {
      for (let warm = 0; warm < 1_000_000; ) {
        const total = await run(count)
        warm += total
        count = Math.max(1, Math.ceil(count * Math.min(8, (share * 1000) / Math.max(total, 1))))
      }
    },
    round: async () => {
      micros.push((await run(count)) / count)
    },
  }
}

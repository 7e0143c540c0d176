// Interleaved rounds: every system does its share, in turn, in its own process; the figures are medians over the rounds.
import type { Contender } from './contender.ts'

/** CPU time per operation of one system under one task. */
export interface Figure {
  readonly system: string
  /** Median over the rounds, µs of CPU per operation, collector and compiler threads included. */
  readonly micros: number
  /** µs of each round, in order: ratios are taken round by round. */
  readonly rounds: readonly number[]
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

/** How many times less CPU `one` takes than `other`: the median of the per-round ratios. */
export const ratio = (one: Figure, other: Figure): number => median(one.rounds.map((micros, index) => (other.rounds[index] ?? NaN) / micros))

/** Measures the contenders against each other, and stops them. `share` is the CPU time of one round, ms. */
export async function measure(contenders: readonly Contender[], { rounds = 7, share = 80, warmUp = 1000 } = {}): Promise<Figure[]> {
  try {
    const runners: { readonly contender: Contender; readonly count: number; readonly micros: number[] }[] = []
    for (const contender of contenders) runners.push({ contender, count: await calibrate(contender, share * 1000, warmUp * 1000), micros: [] })
    for (let round = 0; round < rounds; round += 1) for (const { contender, count, micros } of runners) micros.push((await contender.run(count)) / count)
    return runners.map(({ contender, micros }) => ({ system: contender.system, micros: median(micros), rounds: micros }))
  } finally {
    for (const contender of contenders) contender.stop()
  }
}

/** Runs until the compilers are done with it, `warmUp` µs of CPU time; how many operations fill a share. */
async function calibrate(contender: Contender, share: number, warmUp: number): Promise<number> {
  let count = 1
  for (let spent = 0; spent < warmUp; ) {
    const total = await contender.run(count)
    // A clock of whole µs may see nothing of the first operations.
    spent += Math.max(total, 1)
    count = Math.max(1, Math.ceil(count * Math.min(8, share / Math.max(total, 1))))
  }
  return count
}

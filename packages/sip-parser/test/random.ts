/** A source of numbers that gives the same ones for the same seed. */
export interface Random {
  /** 0 to 1, without 1. */
  (): number
}

/** mulberry32: small, and good enough to choose test cases. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from 0 to `count` - 1. */
export function below(random: Random, count: number): number {
  return Math.floor(random() * count)
}

/** One of the list, which is not empty. */
export function oneOf<T>(random: Random, list: readonly T[]): T {
  const found = list[below(random, list.length)]
  if (found === undefined) throw new TypeError('nothing to choose from')
  return found
}

/** SEED of the environment, or this one: the seed that a failure names is given back that way. */
export function seedOr(standard: number): number {
  return Number(process.env['SEED'] ?? standard)
}

/** A number of cases that the environment may raise. */
export function casesOr(name: string, standard: number): number {
  return Number(process.env[name] ?? standard)
}

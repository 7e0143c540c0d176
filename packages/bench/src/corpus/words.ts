// Seeded words for the corpora: the same messages in every run, on every machine.

/** A generator of fractions in [0, 1) from a 32-bit seed (mulberry32). */
function seededFraction(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export interface Words {
  integer(low: number, high: number): number
  hex(length: number): string
  pick<T>(list: readonly T[]): T
}

export function seededWords(seed: number): Words {
  const fraction = seededFraction(seed)
  const integer = (low: number, high: number): number => low + Math.floor(fraction() * (high - low))
  return {
    integer,
    hex: (length) => Array.from({ length }, () => integer(0, 16).toString(16)).join(''),
    pick: <T>(list: readonly T[]): T => list[integer(0, list.length)] as T,
  }
}

/**
 * How much longer the work takes for twice the size: the best of several interleaved attempts, so that a busy machine does not matter.
 * Linear work gives 2, quadratic work 4. What takes under 5 ms is too quick to be quadratic at sizes of 10^5, and too quick to be measured.
 */
export function growth(prepare: (size: number) => () => void, size: number): number {
  const small = prepare(size)
  const large = prepare(2 * size)
  small()
  large()
  let best = Infinity
  for (let attempt = 0; attempt < 20 && best > 2.5; attempt++) {
    const shortest = (work: () => void): number => {
      let time = Infinity
      for (let round = 0; round < 5; round++) {
        const start = performance.now()
        work()
        time = Math.min(time, performance.now() - start)
      }
      return time
    }
    const time = shortest(large)
    if (time < 5) return 2
    best = Math.min(best, time / shortest(small))
  }
  return best
}

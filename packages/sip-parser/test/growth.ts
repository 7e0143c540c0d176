/**
 * How much longer the work takes for twice the size: the best of several interleaved attempts, so that a busy machine does not matter.
 * Linear work gives 2, quadratic work 4.
 */
export function growth(prepare: (size: number) => () => void, size: number): number {
  const small = prepare(size)
  const large = prepare(2 * size)
  small()
  large()
  let best = Infinity
  for (let attempt = 0; attempt < 8 && best > 2.5; attempt++) {
    const shortest = (work: () => void): number => {
      let time = Infinity
      for (let round = 0; round < 5; round++) {
        const start = performance.now()
        work()
        time = Math.min(time, performance.now() - start)
      }
      return time
    }
    best = Math.min(best, shortest(large) / shortest(small))
  }
  return best
}

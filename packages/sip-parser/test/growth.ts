/** CPU time of this thread in ms where Node tells it: a busy machine does not count then. */
function now(): number {
  if (!('threadCpuUsage' in process)) return performance.now()
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function timeOf(work: () => void): number {
  const start = now()
  work()
  return now() - start
}

/** What takes less for twice 60,000 octets is too quick to be worse than linear, and too quick to be measured: ms. */
const tooQuick = 5
const enough = 2.25

/**
 * How much longer the work takes for twice the size: the best of several attempts, each the quickest of some rounds, small and large in turn.
 * Linear work gives 2, quadratic work 4.
 */
export function growth(prepare: (size: number) => () => void, size: number): number {
  const large = prepare(2 * size)
  // Twice: the first time it may be compiled.
  if (timeOf(large) < tooQuick || timeOf(large) < tooQuick) return 2
  const small = prepare(size)
  small()
  let best = Infinity
  for (let attempt = 0; attempt < 20 && best > enough; attempt++) {
    let [one, two] = [Infinity, Infinity]
    for (let round = 0; round < 5; round++) {
      one = Math.min(one, timeOf(small))
      two = Math.min(two, timeOf(large))
    }
    best = Math.min(best, two < tooQuick ? 2 : two / one)
  }
  return best
}

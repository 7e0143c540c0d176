// Heap of an idle established session, one side, bytes.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { BenchError } from './errors.ts'

/** System → bytes. All at the same time: they mostly wait for the transactions' 32 s to pass. */
export async function measureHeap(systems: readonly string[], { count = 1000, idle = 40_000 } = {}): Promise<Map<string, number>> {
  const figures = await Promise.all(systems.map(async (system): Promise<[string, number]> => {
    const child = fork(fileURLToPath(new URL('heap-host.ts', import.meta.url)), [system, String(count), String(idle)], { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [bytes] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(([code]) => Promise.reject(new BenchError('process-ended', `${system} ended with ${String(code)}`)))])) as [number]
    return [system, bytes]
  }))
  return new Map(figures)
}

// Heap of an idle established session, one side, and of a live transaction, in bytes.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { BenchError } from './errors.ts'

/** System → bytes. All at the same time: they mostly wait for the transactions' 32 s to pass. */
export async function measureHeap(systems: readonly string[], { count = 1000, idle = 40_000 } = {}): Promise<Map<string, number>> {
  const figures = await Promise.all(systems.map(async (system): Promise<[string, number]> => [system, await weigh('heap-host.ts', [system, String(count), String(idle)])]))
  return new Map(figures)
}

/** Bytes of a live server transaction, without its messages. */
export const measureTransactionHeap = (): Promise<number> => weigh('transaction-heap-host.ts')

async function weigh(file: string, args: readonly string[] = []): Promise<number> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new BenchError('process-ended', `${file} ${args.join(' ')} ended with ${String(code)}`)))
  const [bytes] = (await Promise.race([once(child, 'message'), ended])) as [number]
  return bytes
}

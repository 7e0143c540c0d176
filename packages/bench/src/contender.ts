// A system that takes part in the rounds, in a process of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { BenchError } from './errors.ts'

export interface Contender {
  /** As the table shows it. */
  readonly system: string
  /** Does the operation `count` times; CPU time of all of them, µs. */
  run(count: number): Promise<number>
  stop(): void
}

const host = fileURLToPath(new URL('host.ts', import.meta.url))

/** A subject of `subjects/<file>.ts`, in a Node of its own. */
export async function startSubject(file: string, task: string, system: string): Promise<Contender> {
  const child = fork(host, [file, task, system], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new BenchError('process-ended', `${system} ended with ${String(code)} under "${task}"`)))
  failed.catch(() => undefined)
  await Promise.race([once(child, 'message'), failed])
  return {
    system,
    run: async (count) => {
      child.send(count)
      const [total] = (await Promise.race([once(child, 'message'), failed])) as [number]
      return total
    },
    stop: () => child.kill(),
  }
}

// A C library at work: see native/driver.c and native/sofia-sdp.c for what its program understands.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Contender } from '../contender.ts'
import { BenchError } from '../errors.ts'
import type { Driver } from './library.ts'

export type NativeTask = 'route' | 'everything' | 'description'

/** What the library reads of every member of the corpus, in order. */
export function readingsOf({ system, program, corpus }: Driver, task: NativeTask): unknown[] {
  const { status, stdout } = spawnSync(program, [corpus, task, 'check'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new BenchError('process-ended', `The driver for ${system} ended with ${String(status)}`)
  return stdout.split('\n').filter((line) => line !== '').map((line): unknown => JSON.parse(line))
}

export function startDriver({ system, program, corpus }: Driver, task: NativeTask): Contender {
  const child = spawn(program, [corpus, task, 'measure'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = once(child, 'close').then(([code]) => Promise.reject(new BenchError('process-ended', `The driver for ${system} ended with ${String(code)}`)))
  failed.catch(() => undefined)
  const lines = createInterface({ input: child.stdout })
  return {
    system,
    run: async (count) => {
      const answer = once(lines, 'line')
      child.stdin.write(`${count}\n`)
      const [micros] = (await Promise.race([answer, failed])) as [string]
      return Number(micros)
    },
    stop: () => child.kill(),
  }
}

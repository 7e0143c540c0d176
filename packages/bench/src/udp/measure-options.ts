// Server CPU per OPTIONS→200 over loopback UDP in a closed loop, the servers in turn, the client in a process of its own.
import type { ChildProcess } from 'node:child_process'
import { BenchError } from '../errors.ts'
import { median, type Figure } from '../rounds.ts'
import { ask, freePort, launch } from './processes.ts'

/** CPU of each server, µs per request. Throws when more than one in a hundred gets no answer. */
export async function measureOptions(names: readonly string[], { rounds = 7, count = 10_000, warmUp = 40_000 } = {}): Promise<Figure[]> {
  const load = await launch('options-load-host.ts', [])
  const servers: { system: string; child: ChildProcess; port: number; micros: number[] }[] = []
  try {
    for (const system of names) {
      const port = await freePort()
      servers.push({ system, port, child: await launch('server-host.ts', [`OPTIONS: ${system}`, String(port)]), micros: [] })
    }
    for (let round = 0; round <= rounds; round += 1) {
      for (const { system, port, child, micros } of servers) {
        const requests = round === 0 ? warmUp : count
        const before = await ask<number>(child, {})
        const { lost } = await ask<{ readonly lost: number }>(load, { port, count: requests })
        if (lost > requests / 100) throw new BenchError('calls-failed', `${system} left ${lost} of ${requests} requests without answer`)
        const spent = (await ask<number>(child, {})) - before
        if (round > 0) micros.push(spent / requests)
      }
    }
    return servers.map(({ system, micros }) => ({ system, micros: median(micros), rounds: micros }))
  } finally {
    load.kill()
    for (const { child } of servers) child.kill()
  }
}

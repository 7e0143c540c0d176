// Server CPU per 1,000 calls over loopback UDP, the servers in turn, the caller in a process of its own.
import type { ChildProcess } from 'node:child_process'
import { BenchError } from '../errors.ts'
import { median, type Figure } from '../rounds.ts'
import { ask, freePort, launch } from './processes.ts'

interface Verdict {
  readonly finished: number
  readonly failed: number
  readonly retransmissions: number
}

/** CPU of each server, µs per call. Throws when a call fails. */
export async function measureServers(names: readonly string[], { rounds = 3, count = 2000, rate = 1000 } = {}): Promise<Figure[]> {
  const load = await launch('load-host.ts', [])
  const servers: { system: string; child: ChildProcess; port: number; micros: number[] }[] = []
  try {
    for (const system of names) {
      const port = await freePort()
      servers.push({ system, port, child: await launch('server-host.ts', [system, String(port)]), micros: [] })
    }
    // The first round of each, twice as long, is the warm-up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const { system, port, child, micros } of servers) {
        const before = await ask<number>(child, {})
        const verdict = await ask<Verdict>(load, { port, count: round === 0 ? count * 2 : count, rate })
        if (verdict.failed > 0) throw new BenchError('calls-failed', `${system} failed ${verdict.failed} of ${count} calls`)
        const spent = (await ask<number>(child, {})) - before
        if (round > 0) micros.push(spent / count)
      }
    }
    return servers.map(({ system, micros }) => ({ system, micros: median(micros), rounds: micros }))
  } finally {
    load.kill()
    for (const { child } of servers) child.kill()
  }
}

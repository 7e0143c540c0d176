// threats.md, attack classes: "INVITE/REGISTER flood, spoofed UDP", on loopback: 20,000 INVITEs a second for two seconds at a proxy with calls in progress.
import { availableParallelism, loadavg } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { hostClock as clock, hostRandom as random } from '@offhook/sip-machine/host'
import { SipServer } from '@offhook/sip-server'
import { UserAgent, type Call } from '@offhook/sip-session'
import { udpAdapter } from '@offhook/sip-transport-node'
import { expect, it } from 'vitest'

const LIMIT = 2000
const CALLS = 10
const T1 = 100

/** Sends `rate` INVITEs a second for `seconds` to nobody in particular, from a thread of its own. Tells how many. */
const FLOOD = `
const { createSocket } = require('node:dgram')
const { parentPort, workerData: { port, rate, seconds } } = require('node:worker_threads')
const socket = createSocket('udp4')
socket.on('message', () => undefined)
socket.bind(0, '127.0.0.1', () => {
  const started = performance.now()
  let sent = 0
  const pace = setInterval(() => {
    const due = Math.min(rate * seconds, Math.floor((performance.now() - started) / 1000 * rate))
    for (; sent < due; sent++) socket.send('INVITE sip:nobody@example.com SIP/2.0\\r\\nVia: SIP/2.0/UDP 127.0.0.1:' + socket.address().port + ';branch=z9hG4bKflood' + sent
      + '\\r\\nMax-Forwards: 70\\r\\nFrom: <sip:flood@example.com>;tag=' + sent + '\\r\\nTo: <sip:nobody@example.com>\\r\\nCall-ID: ' + sent + '\\r\\nCSeq: 1 INVITE\\r\\nContent-Length: 0\\r\\n\\r\\n', port, '127.0.0.1')
    if (sent < rate * seconds) return
    clearInterval(pace)
    socket.close()
    parentPort.postMessage(sent)
  }, 2)
})`

async function until(is: () => boolean, patience: number): Promise<void> {
  for (let waited = 0; !is() && waited < patience; waited += 50) await sleep(50)
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapUsed(): number {
  for (let pass = 0; pass < 3; pass += 1) collect()
  return process.memoryUsage().heapUsed
}

it('an INVITE flood: transactions stay bounded, calls in progress end well, nothing is left, and the loop is never held up', { timeout: 60_000, retry: 2 }, async () => {
  const server = new SipServer({ adapters: [udpAdapter()], clock, random, domains: ['example.com'], auth: 'open', maxTransactions: LIMIT, timers: { t1: T1 } })
  const { local } = await server.listen({ transport: 'UDP', host: '127.0.0.1', port: 0 })
  const agents = ['alice', 'bob'].map((name) => new UserAgent({
    identity: `sip:${name}@example.com`, adapters: [udpAdapter()], server: `sip:127.0.0.1:${String(local.port)};transport=udp;lr`,
    listen: [{ transport: 'UDP', host: '127.0.0.1', port: 0 }], timers: { t1: T1 },
  }))
  const [alice, bob] = agents as [UserAgent, UserAgent]
  try {
    await bob.register()
    bob.on('incoming', (call) => void call.answer({ body: 'v=0' }))
    const calls: Call[] = []
    for (let count = 0; count < CALLS; count += 1) {
      const call = alice.call('sip:bob@example.com', { body: 'v=0' })
      await call.answered
      calls.push(call)
    }
    const isQuiet = (loadavg()[0] ?? 0) < availableParallelism()
    const before = heapUsed()
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, server.transactions)), 20)
    const flood = new Worker(FLOOD, { eval: true, workerData: { port: local.port, rate: 20_000, seconds: 2 } })
    const sent = new Promise<number>((resolve) => flood.once('message', resolve))
    await until(() => server.transactions > LIMIT / 2, 2000)
    const ends = await Promise.all(calls.map(async (call) => {
      await sleep(Math.random() * 1000)
      await call.hangUp()
      return (await call.ended).cause
    }))
    expect(await sent).toBe(40_000)
    clearInterval(watch)
    delay.disable()
    expect(ends).toEqual(Array.from({ length: CALLS }, () => 'hung-up'))
    // Branches of requests that were let in may add as many again.
    expect(most).toBeGreaterThan(LIMIT / 2)
    expect(most).toBeLessThanOrEqual(2 * LIMIT)
    // Where others keep the processors busy, a loop waits for them: the figure then says nothing.
    if (isQuiet) expect(delay.percentile(99) / 1e6).toBeLessThan(50)
    await until(() => server.transactions === 0 && server.pendingRequests === 0, 3 * 64 * T1)
    expect([server.transactions, server.pendingRequests]).toEqual([0, 0])
    console.log(`${String(most)} transactions at most; loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms${isQuiet ? '' : ' (not judged: the machine is busy)'}; heap ${((heapUsed() - before) / 1e6).toFixed(1)} MB more than before`)
    expect(heapUsed() - before).toBeLessThan(5_000_000)
  } finally {
    await Promise.all(agents.map((agent) => agent.close()))
    await server.close()
  }
})

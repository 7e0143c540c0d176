// Telephones of ours in one process: takes a command a line from standard input, prints its result and every event as JSON.
// Run inside a place by `node phones-process.ts`, on the built packages.
import { createInterface } from 'node:readline'
import type { Clock } from '@offhook/sip-machine'
import { reliableProvisional, sessionTimer, transfers, UserAgent, type Call, type Extension, type ListenAddress } from '@offhook/sip-session'
import { createLocate, nodeAdapters } from '@offhook/sip-transport-node'
import { createEchoMedia } from '@offhook/sip-cli'
import type { PhoneOptions } from './phones.ts'

interface Command {
  readonly id: number
  readonly phone: string
  readonly order: string
  readonly call?: number
  readonly to?: string | number
  readonly options?: PhoneOptions
}

const agents = new Map<string, UserAgent>()
const calls: Call[] = []
const print = (record: Readonly<Record<string, unknown>>): void => console.log(JSON.stringify(record))

/** A clock that runs `pace` times as fast as the wall's: what takes RFC 4028 a minute and a half takes a test three seconds. */
const pacedClock = (pace: number): Clock => ({
  now: () => performance.now() * pace,
  schedule(at, wake) {
    const timer = setTimeout(wake, Math.max(0, at / pace - performance.now()))
    return () => clearTimeout(timer)
  },
})

function number(phone: string, call: Call): number {
  const index = calls.push(call) - 1
  const tell = (event: string, more: Readonly<Record<string, unknown>> = {}): void => print({ event, phone, call: index, ...more })
  call.on('hold', (held) => tell('hold', { held }))
  call.on('state', ({ name }) => tell('state', { name }))
  call.on('progress', ({ statusCode }) => tell(statusCode === 183 ? 'early' : 'progress'))
  void call.ended.then(({ by, cause, status, reason }) => tell('ended', { by, cause, status, reason }))
  return index
}

function open(phone: string, options: PhoneOptions): Promise<void> {
  const { identity, server, password, listen, tone, incoming = 'answer', reliable, sessionExpires, pace } = options
  const onRefer: Parameters<typeof transfers>[0] = {
    onRefer(referral) {
      print({ event: 'referred', phone, target: String(referral.target), attended: referral.isAttended })
      number(phone, referral.accept())
    },
  }
  const extensions: Extension[] = [transfers(onRefer)]
  if (reliable !== undefined) extensions.push(reliableProvisional({ mode: reliable }))
  if (sessionExpires !== undefined) extensions.push(sessionTimer({ expires: sessionExpires }))
  const agent = new UserAgent({
    identity, adapters: nodeAdapters(), locate: createLocate(), media: createEchoMedia(tone === undefined ? {} : { tone }), extensions,
    acceptAnyUser: true, autoRing: incoming !== 'early',
    ...(server === undefined ? {} : { server }), ...(password === undefined ? {} : { password }),
    ...(listen === undefined ? {} : { listen: [listen satisfies ListenAddress] }),
    ...(pace === undefined ? {} : { clock: pacedClock(pace), timers: { t1: 500 * pace, t2: 4000 * pace, t4: 5000 * pace } }),
    trace: ({ direction, bytes }) => print({ event: 'wire', phone, direction, message: new TextDecoder().decode(bytes) }),
  })
  agents.set(phone, agent)
  agent.on('incoming', (call) => {
    print({ event: 'incoming', phone, call: number(phone, call), replaces: call.replaces === undefined ? null : calls.indexOf(call.replaces) })
    if (incoming === 'early') void call.ring({ earlyMedia: true })
    else if (incoming === 'answer' && call.replaces === undefined) void call.answer()
  })
  return agent.ready
}

function order({ phone, order: what, call: index = -1, to = '', options }: Command): unknown {
  const agent = agents.get(phone)
  const call = calls[index]
  if (what === 'open' && options !== undefined) return open(phone, options)
  if (what === 'register') return agent?.register()
  if (what === 'call') return agent === undefined ? undefined : number(phone, agent.call(String(to)))
  if (what === 'answered') return call?.answered.then(({ answered }) => answered)
  if (what === 'ended') return call?.ended.then(({ by, cause }) => ({ by, cause }))
  if (what === 'transfer') return call?.transfer(typeof to === 'number' ? (calls[to] ?? '') : to).outcome
  if (what === 'hold' || what === 'resume' || what === 'answer' || what === 'hangUp') return call?.[what]()
  throw new Error(`No such order: ${what}`)
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Command
  void Promise.resolve().then(() => order(command)).then(
    (result) => print({ done: command.id, result: result ?? null }),
    (error: unknown) => print({ done: command.id, error: String(error) }),
  )
}
await Promise.all([...agents.values()].map((agent) => agent.close()))
process.exit(0)

// A cable between two network namespaces is pulled in a call and plugged in again; an address is replaced by another.
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Cable, farAddress, nearAddress, noCables, otherNearAddress } from './support/cable.js'
import { offhook } from './support/offhook.js'
import type { Program } from './support/program.js'

const phoneProgram = fileURLToPath(new URL('support/roaming-phone.ts', import.meta.url))
/** ms; TCP has sent again several times by then. */
const CUT = 2_200
/** ms; for whatever a busy machine takes to start a program. */
const PATIENCE = 20_000

const title = 'network namespaces: partition and change of address'
if (noCables !== undefined) console.log(`skipping "${title}": ${noCables}`)

type Printed = Program['records'][number]

/** A request that the phone has sent, as `roaming-phone.ts` prints it. */
interface Sent {
  readonly local: { readonly host: string; readonly port: number }
  readonly contact?: string
}

describe.skipIf(noCables !== undefined)(title, () => {
  let cable: Cable
  beforeEach(async () => {
    cable = await Cable.open()
  })
  afterEach(() => cable.close())

  const phoneTo = (transport: string, ...rest: string[]): Program => cable.near.run(
    [process.execPath, phoneProgram, `sip:alice@${farAddress}`, `sip:${farAddress}:5060;transport=${transport}`, ...rest], { name: 'the phone', input: true })

  /** Starts the other side. */
  const farSide = async (...args: string[]): Promise<Program> => {
    const program = offhook(cable.far, [...args, '--listen', `udp:${farAddress}:5060`, '--listen', `tcp:${farAddress}:5060`])
    await cable.far.listening(5060, PATIENCE)
    return program
  }

  /** The first that a program prints and that fits, after `from` others. */
  const told = (program: Program, fits: (record: Printed) => boolean, from = 0): Promise<Printed> =>
    program.look(() => program.records.slice(from).find(fits), PATIENCE)

  /** Tells the phone to do something; what came of it. */
  const ask = async (phone: Program, command: string): Promise<unknown> => {
    const [from, [name]] = [phone.records.length, command.split(' ')]
    phone.write(`${command}\n`)
    return (await told(phone, (record) => record['event'] === 'did' && record['name'] === name, from))['result']
  }

  const sent = (phone: Program, method: string, from: number): Sent[] => phone.records.slice(from)
    .filter((record) => record['event'] === 'wire' && record['direction'] === 'sent' && record['method'] === method && record['status'] === undefined)
    .map((record) => record as unknown as Sent)

  /** Both sides know that the call is over, by the phone. */
  const hangUp = async (phone: Program, other: Program): Promise<void> => {
    await ask(phone, 'hangup')
    expect(await told(phone, ({ event }) => event === 'ended')).toMatchObject({ by: 'local', cause: 'hung-up' })
    expect(await told(other, ({ event }) => event === 'ended')).toMatchObject({ by: 'remote' })
  }

  it('UDP: the re-INVITE is retransmitted (RFC 3261 §17.1.1.2), the call goes on', async () => {
    const other = await farSide('answer')
    const phone = phoneTo('udp')
    expect(await ask(phone, `call sip:bob@${farAddress}`)).toBe(true)
    const from = phone.records.length
    cable.pull('far')
    const held = ask(phone, 'hold')
    await expect.poll(() => sent(phone, 'INVITE', from).length, { timeout: PATIENCE }).toBeGreaterThanOrEqual(3)
    cable.plug('far')
    expect(await held).toMatchObject({ ok: true })
    // The system itself says that there is no network: told at once (RFC 3261 §18.4), which ends no call.
    cable.pull('near')
    expect(await ask(phone, 'resume')).toMatchObject({ ok: false })
    cable.plug('near')
    expect(await ask(phone, 'resume')).toMatchObject({ ok: true })
    await hangUp(phone, other)
  })

  it('TCP: what was sent meanwhile arrives on the same connection, the call goes on', async () => {
    const other = await farSide('answer')
    const phone = phoneTo('tcp')
    expect(await ask(phone, `call sip:bob@${farAddress}`)).toBe(true)
    cable.pull('far')
    const held = ask(phone, 'hold')
    await sleep(CUT)
    cable.plug('far')
    expect(await held).toMatchObject({ ok: true })
    await hangUp(phone, other)
    expect(new Set(sent(phone, 'INVITE', 0).map(({ local }) => local.port)).size).toBe(1)
  })

  it('TCP with pings: a connection that leads nowhere is given up in time (RFC 5626 §4.4.1), another dialled, the call goes on', async () => {
    const other = await farSide('answer')
    const phone = phoneTo('tcp', 'ping')
    expect(await ask(phone, `call sip:bob@${farAddress}`)).toBe(true)
    const from = phone.records.length
    const pulled = performance.now()
    cable.pull('far')
    await told(phone, ({ event, state }) => event === 'connection' && state === 'disconnected', from)
    // A ping within 1 s, its answer within 1 s, and a busy machine; the system alone would try for minutes.
    expect(performance.now() - pulled).toBeLessThan(2_000 + 3_000)
    cable.plug('far')
    expect(await ask(phone, 'hold')).toMatchObject({ ok: true })
    const [first, again] = [sent(phone, 'INVITE', 0)[0], sent(phone, 'INVITE', from)[0]]
    expect(again?.local.port).not.toBe(first?.local.port)
    await hangUp(phone, other)
  })

  it('another address: the phone registers from there, and the next request of the call leaves from there', async () => {
    await farSide('serve', '--http', '127.0.0.1:8080')
    const phone = phoneTo('tcp', 'ping')
    expect(await ask(phone, 'register')).toBeGreaterThan(0)
    expect(await ask(phone, `call sip:echo@${farAddress}`)).toBe(true)
    expect(sent(phone, 'REGISTER', 0)[0]).toMatchObject({ local: { host: nearAddress }, contact: expect.stringContaining(`@${nearAddress}`) as string })
    const from = phone.records.length
    cable.move()
    await told(phone, ({ event, state }) => event === 'connection' && state === 'disconnected', from)
    await told(phone, ({ event, state }) => event === 'registration' && state === 'registered', from)
    expect(sent(phone, 'REGISTER', from).at(-1)).toMatchObject({ local: { host: otherNearAddress }, contact: expect.stringContaining(`@${otherNearAddress}`) as string })
    expect(await ask(phone, 'hold')).toMatchObject({ ok: true })
    expect(sent(phone, 'INVITE', from).at(-1)).toMatchObject({ local: { host: otherNearAddress }, contact: expect.stringContaining(`@${otherNearAddress}`) as string })
    await ask(phone, 'hangup')
    expect(await told(phone, ({ event }) => event === 'ended')).toMatchObject({ by: 'local', cause: 'hung-up' })
  })
})

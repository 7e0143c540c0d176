// `offhook serve` as the registrar and proxy between peers that nobody here wrote.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Baresip } from './support/baresip.js'
import { offhook } from './support/offhook.js'
import { describeWith } from './support/peers.js'
import type { Place } from './support/place.js'
import type { Program } from './support/program.js'
import { Sipp, type SippOptions } from './support/sipp.js'

const target = '127.0.0.1:5060'
const as = (user: string): string[] => ['-s', user, '-au', user, '-ap', `${user}-pw`]

/** Open to everybody unless told names and passwords. */
async function serving(place: Place, args: readonly string[] = []): Promise<Program> {
  const server = offhook(place, ['serve', '--http', '127.0.0.1:8080', '--listen', `udp:${target}`, '--listen', `tcp:${target}`, '--digest', 'md5', ...args])
  await server.until(/"ready"/)
  return server
}

async function passes(place: Place, options: SippOptions, server: Program): Promise<void> {
  const verdict = await new Sipp(place, options).verdict()
  expect(verdict, `${verdict.complaint}\n${server.output.slice(-2000)}`).toMatchObject({ code: 0, failed: 0 })
}

interface Pair {
  readonly uas: string
  readonly uac: string
  /** Of the caller. */
  readonly extra?: readonly string[]
  /** Of the callee. */
  readonly uasExtra?: readonly string[]
  readonly alsoTcp?: boolean
}

const pairs: readonly Pair[] = [
  { uas: 'call_uas', uac: 'call_uac', extra: ['-d', '200'], alsoTcp: true },
  { uas: 'call_uas_bye', uac: 'passive_uac', uasExtra: ['-d', '200'] },
  { uas: 'busy_uas', uac: 'reject_uac' },
  { uas: 'cancel_uas', uac: 'cancel_uac', extra: ['-d', '200'], alsoTcp: true },
  { uas: 'cancel_race_uas', uac: 'cancel_race_uac', extra: ['-d', '200'] },
  { uas: 'early_uas', uac: 'early_uac', extra: ['-d', '200'] },
  { uas: 'hold_uas', uac: 'hold_uac', extra: ['-d', '200'], alsoTcp: true },
  { uas: 'hold_by_uas', uac: 'passive_uac' },
  { uas: 'lateoffer_uas', uac: 'lateoffer_uac', extra: ['-d', '200'] },
  { uas: 'prack_uas', uac: 'prack_uac', extra: ['-d', '200'] },
  { uas: 'info_uas', uac: 'info_uac' },
  { uas: 'message_uas', uac: 'message_uac' },
  { uas: 'lost_invite_uas', uac: 'call_uac', extra: ['-d', '200'], uasExtra: ['-nr'] },
  { uas: 'lost_bye_uas', uac: 'call_uac', extra: ['-d', '200'], uasExtra: ['-nr'] },
]

describeWith(['sipp', 'scripts'], 'SIPp through `offhook serve`', (place) => {
  it.each(['u1', 't1'] as const)('with digest: registers, calls, and takes the binding away again (%s)', async (transport) => {
    // SIPp's caller says in From that it is `sipp`.
    const server = await serving(place(), ['--auth', 'sipp:sipp-pw', '--auth', 'bob:bob-pw'])
    const bob = { target, port: 16070, transport }
    await passes(place(), { ...bob, scenario: 'register_uac', extra: as('bob') }, server)
    const callee = new Sipp(place(), { port: 16070, transport, scenario: 'call_uas' })
    await place().listening(16070)
    await passes(place(), { scenario: 'call_uac', target, port: 16080, transport, extra: ['-s', 'bob', '-au', 'sipp', '-ap', 'sipp-pw', '-d', '200'] }, server)
    expect(await callee.verdict()).toMatchObject({ code: 0, successful: 1 })
    await passes(place(), { ...bob, scenario: 'unregister_uac', extra: as('bob') }, server)
  })

  const runs = pairs.flatMap((pair) => [{ ...pair, transport: 'u1' as const }, ...(pair.alsoTcp === true ? [{ ...pair, transport: 't1' as const }] : [])])

  it.each(runs)('$uac to $uas $transport', async ({ uas, uac, extra = [], uasExtra = [], transport }) => {
    const server = await serving(place())
    const bob = { port: 16070, transport }
    await passes(place(), { ...bob, scenario: 'register_uac', target, extra: as('bob') }, server)
    const callee = new Sipp(place(), { ...bob, scenario: uas, limit: 12, extra: uasExtra })
    await place().listening(16070)
    const caller = new Sipp(place(), { scenario: uac, target, port: 16080, transport, limit: 12, extra: ['-s', 'bob', ...extra] })
    const [theirs, ours] = await Promise.all([callee.verdict(), caller.verdict()])
    const story = `${ours.complaint}\n${theirs.complaint}\n${server.output.slice(-2000)}`
    expect(ours, story).toMatchObject({ code: 0, failed: 0 })
    expect(theirs, story).toMatchObject({ code: 0, failed: 0 })
  })
})

describeWith(['sipp', 'scripts'], 'our client through our server', (place) => {
  it('calls a phone on UDP from a WebSocket', async () => {
    const server = await serving(place(), ['--auth', 'alice:alice-pw', '--auth', 'bob:bob-pw'])
    await passes(place(), { scenario: 'register_uac', target, port: 16070, extra: as('bob') }, server)
    const callee = new Sipp(place(), { scenario: 'call_uas', port: 16070 })
    await place().listening(16070)
    const caller = offhook(place(), ['call', `sip:bob@127.0.0.1`, '--route', 'ws://127.0.0.1:8080/sip', '--user', 'alice', '--password', 'alice-pw', '--duration', '0.3'])
    expect((await caller.end()).code, `${caller.output}\n${server.output}`).toBe(0)
    expect(await callee.verdict()).toMatchObject({ code: 0, successful: 1 })
  })
})

describeWith(['baresip', 'scripts'], 'baresip through `offhook serve`', (place) => {
  it('registers, calls the robot and hears its own tone', { timeout: 30_000 }, async () => {
    const server = await serving(place(), ['--auth', 'bare:bare-pw'])
    const phone = Baresip.start(place(), { port: 17060, source: 'sine:440', env: { PROXY: `sip:${target};transport=udp`, DOMAIN: '127.0.0.1' } })
    await server.until(/"registration"/)
    phone.dial('sip:echo@127.0.0.1')
    await sleep(2500)
    phone.hangUp()
    await sleep(300)
    const heard = phone.stop()
    expect(heard?.frequency, server.output).toBe(440)
    expect(heard?.loudness).toBeGreaterThan(0.1)
  })
})

// baresip in calls that are held, transferred and heard before they are answered, by either side.
// Its PRACK, UPDATE and session timers are not tested because version 1.0 has none (420, 501).
import { expect, it } from 'vitest'
import { Baresip } from './support/baresip.js'
import { mediaFlows } from './support/media-flow.js'
import { describeWith } from './support/peers.js'
import { Phones, type PhoneOptions } from './support/phones.js'

const baresip = 'sip:bare@127.0.0.1:17060'
const at = (name: string, port: number, options: Partial<PhoneOptions> = {}): PhoneOptions => ({
  identity: `sip:${name}@127.0.0.1`, listen: { transport: 'UDP', host: '127.0.0.1', port }, ...options,
})
const ok = { ok: true }

describeWith(['baresip', 'scripts'], 'baresip', (place) => {
  it('is held and resumed by us, holds and resumes us, and nothing is heard meanwhile', async () => {
    const bare = Baresip.start(place(), { port: 17060, source: 'sine:440' })
    const alice = await new Phones(place()).open('alice', at('alice', 5060))
    const call = await alice.call(baresip)
    expect(await call.answered()).toBe(true)
    await bare.hears(1)
    await mediaFlows(place(), 2)

    // We hold: it stops sending, and there is nothing to give back.
    expect(await call.hold()).toEqual(ok)
    await mediaFlows(place(), 0)
    expect(await call.resume()).toEqual(ok)
    await mediaFlows(place(), 2)

    // It holds: neither of us sends anything.
    bare.command('hold')
    await call.told('hold', { held: true })
    await mediaFlows(place(), 0)
    bare.command('resume')
    await call.told('hold', { held: false })
    await mediaFlows(place(), 2)

    expect(await call.hangUp()).toEqual(ok)
    expect(bare.stop()?.frequency).toBe(440)
  })

  it('hears our early media before we answer, and takes ours before it does', async () => {
    const bare = Baresip.start(place(), { port: 17060, source: 'sine:440', env: { ANSWER: 'early' } })
    const phones = new Phones(place())
    const alice = await phones.open('alice', at('alice', 5060, { incoming: 'early', tone: 600 }))
    bare.dial('sip:alice@127.0.0.1:5060')
    const theirs = await alice.incoming()
    await bare.hears(1)
    expect(alice.wire('sent', /^SIP\/2.0 (183|200)/).map((message) => message.slice(8, 11))).toContain('183')
    expect(alice.wire('sent', /^SIP\/2.0 200/)).toEqual([])
    expect(bare.heard()?.frequency).toBe(600)
    expect(await theirs.answer()).toEqual(ok)
    expect(await theirs.hangUp()).toEqual(ok)

    // Its own 183 says where it hears; it speaks only after its answer.
    const ours = await alice.call(baresip)
    await ours.told('early')
    expect(alice.wire('received', /^SIP\/2.0 183/).at(-1)).toContain('m=audio')
    await mediaFlows(place(), 1)
    bare.command('accept')
    expect(await ours.answered()).toBe(true)
    await mediaFlows(place(), 2)
    expect(await ours.hangUp()).toEqual(ok)
  })

  it('goes to a third party when we transfer it, and sends us to one', async () => {
    const bare = Baresip.start(place(), { port: 17060, source: 'sine:440' })
    const phones = new Phones(place())
    const alice = await phones.open('alice', at('alice', 5060))
    const carol = await phones.open('carol', at('carol', 5062))

    const call = await alice.call(baresip)
    expect(await call.answered()).toBe(true)
    expect(await call.transfer('sip:carol@127.0.0.1:5062')).toMatchObject({ ok: true, status: 200 })
    expect(await call.ended()).toEqual({ by: 'local', cause: 'transferred' })
    const fromBaresip = await carol.incoming()
    expect(await fromBaresip.answered()).toBe(true)
    await mediaFlows(place(), 2)
    expect(await fromBaresip.hangUp()).toEqual(ok)

    const second = await alice.call(baresip)
    expect(await second.answered()).toBe(true)
    bare.command('transfer', 'sip:carol@127.0.0.1:5062')
    await alice.told('referred', { target: 'sip:carol@127.0.0.1:5062', attended: false })
    expect(await (await carol.incoming()).answered()).toBe(true)
    await second.ended()
  })

  it('cannot read an attended transfer: we are told why, and both calls live on', async () => {
    // baresip 1.0 puts the escaped Replaces of the Refer-To into its Request-URI, and spoils the escapes.
    Baresip.start(place(), { port: 17060, source: 'sine:440' })
    const phones = new Phones(place())
    const alice = await phones.open('alice', at('alice', 5060))
    await phones.open('carol', at('carol', 5062))
    const call = await alice.call(baresip)
    const consultation = await alice.call('sip:carol@127.0.0.1:5062')
    expect(await Promise.all([call.answered(), consultation.answered()])).toEqual([true, true])
    expect(await call.transfer(consultation)).toMatchObject({ ok: false, code: 'failed', status: 400 })
    expect(await Promise.all([call.hold(), consultation.hold()])).toEqual([ok, ok])
    expect(await Promise.all([call.hangUp(), consultation.hangUp()])).toEqual([ok, ok])
  })
})

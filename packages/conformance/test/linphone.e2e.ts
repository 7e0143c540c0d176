// linphone, registered with Kamailio, in calls that are held, transferred and heard before they are answered, by either side.
import { expect, it } from 'vitest'
import { Kamailio } from './support/kamailio.js'
import { Linphone } from './support/linphone.js'
import { describeWith, type Peer } from './support/peers.js'
import { Phones, type Phone, type PhoneOptions } from './support/phones.js'
import type { Place } from './support/place.js'

const needs: Peer[] = ['linphonec', 'kamailio', 'scripts']
const ok = { ok: true }
const transferred = { ok: true, status: 200 }

interface Scene {
  readonly linphone: Linphone
  readonly alice: Phone
  readonly carol: Phone
}

/** Runs `story` with linphone and two phones of ours, all registered. */
async function among(place: Place, options: Partial<PhoneOptions>, story: (scene: Scene) => Promise<void>): Promise<void> {
  const kamailio = Kamailio.start(place, ['WITH_AUTH'])
  const linphone = Linphone.start(place, { port: 18060 })
  try {
    const phones = new Phones(place)
    // Not 5060: this Kamailio takes 127.0.0.1:5060 for a name of its own.
    const [alice, carol] = await Promise.all((['alice', 'carol'] as const).map(async (name, index) => {
      const phone = await phones.open(name, {
        identity: `sip:${name}@sip.test`, password: `${name}-pw`, server: 'sip:127.0.0.1:15060;transport=udp',
        listen: { transport: 'UDP', host: '127.0.0.1', port: 5062 + 2 * index }, ...options,
      })
      await phone.register()
      return phone
    })) as [Phone, Phone]
    await story({ linphone, alice, carol })
  } catch (error) {
    throw new Error(`${String(error)}\n${linphone.log.slice(-2000)}`, { cause: error })
  } finally {
    linphone.stop()
    kamailio.stop()
  }
}

describeWith(needs, 'linphone', (place) => {
  it('holds and is held, and is transferred, blind and attended, by us', () => among(place(), {}, async ({ linphone, alice, carol }) => {
    const call = await alice.call('sip:lin@sip.test')
    expect(await call.answered()).toBe(true)
    await linphone.says(/Media streams established .* for call 1/)
    expect(await call.hold()).toEqual(ok)
    await linphone.says(/Call 1 has been paused by/)
    expect(await call.resume()).toEqual(ok)
    linphone.command('pause')
    await call.told('hold', { held: true })
    await linphone.says(/is now paused/)
    linphone.command('resume 1')
    await call.told('hold', { held: false })

    expect(await call.transfer('sip:carol@sip.test')).toMatchObject(transferred)
    expect(await call.ended()).toMatchObject({ cause: 'transferred' })
    expect(await (await carol.incoming()).hangUp()).toEqual(ok)

    const second = await alice.call('sip:lin@sip.test')
    expect(await second.answered()).toBe(true)
    const consultation = await alice.call('sip:carol@sip.test')
    expect(await consultation.answered()).toBe(true)
    const consulted = await carol.incoming()
    expect(await second.transfer(consultation)).toMatchObject(transferred)
    expect(await consulted.ended()).toMatchObject({ cause: 'replaced' })
    expect(await second.ended()).toMatchObject({ cause: 'transferred' })
  }))

  it('transfers us, blind and attended, and takes a call that replaces its own', () => among(place(), {}, async ({ linphone, alice, carol }) => {
    const blind = await alice.call('sip:lin@sip.test')
    expect(await blind.answered()).toBe(true)
    await linphone.says(/Media streams established .* for call 1/)
    linphone.command('transfer sip:carol@sip.test')
    await alice.told('referred', { attended: false })
    const atCarol = await carol.incoming()
    expect(await atCarol.answered()).toBe(true)
    await blind.ended()
    expect(await atCarol.hangUp()).toEqual(ok)

    const first = await alice.call('sip:lin@sip.test')
    expect(await first.answered()).toBe(true)
    await linphone.says(/Media streams established .* for call 2/)
    linphone.command('pause')
    await first.told('hold', { held: true })
    linphone.command('call sip:carol@sip.test')
    const second = await carol.incoming()
    expect(await second.answered()).toBe(true)
    await linphone.says(/Call 3 with .* connected/)
    linphone.command('transfer 2 --to-call 3')
    await alice.told('referred', { attended: true })
    expect(await second.ended()).toMatchObject({ cause: 'replaced' })
    await first.ended()
    linphone.command('terminate all')

    const replaced = await alice.call('sip:lin@sip.test')
    expect(await replaced.answered()).toBe(true)
    const other = await alice.call('sip:carol@sip.test')
    expect(await other.answered()).toBe(true)
    expect(await other.transfer(replaced)).toMatchObject(transferred)
    expect(await replaced.ended()).toMatchObject({ by: 'remote' })
  }))

  it('hears our early media, though we never answer', () => among(place(), { incoming: 'early', tone: 700 }, async ({ linphone, alice }) => {
    linphone.command('call sip:alice@sip.test')
    const call = await alice.incoming()
    await linphone.says(/early media/)
    await linphone.hears(1)
    expect(alice.wire('sent', /^SIP\/2.0 200 [^]*CSeq: \d+ INVITE/)).toEqual([])
    expect(await call.hangUp()).toEqual(ok)
    expect(await linphone.heard()).toMatchObject({ frequency: 700 })
  }))
})

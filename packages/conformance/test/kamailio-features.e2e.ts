// Phones of ours behind Kamailio, which records its route: what a call can do, and who says what to whom.
import { expect, it } from 'vitest'
import { Kamailio } from './support/kamailio.js'
import { describeWith } from './support/peers.js'
import { Phones, type Phone, type PhoneOptions } from './support/phones.js'

const ok = { ok: true }
const servers = { UDP: 'sip:127.0.0.1:15060;transport=udp', TCP: 'sip:127.0.0.1:15060;transport=tcp' } as const
// Not 5060: this Kamailio takes 127.0.0.1:5060 for a name of its own.
const ports = { alice: 5066, bob: 5062, carol: 5064, dave: 5068 } as const

describeWith(['kamailio', 'scripts'], 'Phones through Kamailio', (place) => {
  const registered = async (names: readonly (keyof typeof ports)[], transport: 'UDP' | 'TCP', shared: Partial<PhoneOptions>): Promise<Phone[]> => {
    const phones = new Phones(place())
    return Promise.all(names.map(async (name) => {
      const phone = await phones.open(name, {
        identity: `sip:${name}@sip.test`, password: `${name}-pw`, server: servers[transport], listen: { transport, host: '127.0.0.1', port: ports[name] }, ...shared,
      })
      await phone.register()
      return phone
    }))
  }

  it.each(['UDP', 'TCP'] as const)('over %s: 100rel, hold and resume by both, blind and attended transfer', async (transport) => {
    const kamailio = Kamailio.start(place(), ['WITH_AUTH'])
    try {
      const [alice, bob, carol] = await registered(['alice', 'bob', 'carol'], transport, { incoming: 'early', reliable: 'required' }) as [Phone, Phone, Phone]

      // The answer comes in a reliable 183, acknowledged before the call is taken.
      const outgoing = await alice.call('sip:bob@sip.test')
      const incoming = await bob.incoming()
      await alice.told('early')
      expect(alice.wire('received', /^SIP\/2.0 183/)[0]).toMatch(/Require: 100rel\r\n[^]*a=rtpmap/)
      expect(await incoming.answer()).toEqual(ok)
      expect(await outgoing.answered()).toBe(true)
      expect(bob.wire('received', /^PRACK /)).toHaveLength(1)
      expect(bob.wire('received', /^PRACK /)[0]).toMatch(/RAck: \d+ \d+ INVITE/)

      expect(await outgoing.hold()).toEqual(ok)
      await incoming.told('hold', { held: true })
      expect(await outgoing.resume()).toEqual(ok)
      await incoming.told('hold', { held: false })
      expect(await incoming.hold()).toEqual(ok)
      expect(await incoming.resume()).toEqual(ok)
      // Every re-INVITE came by the proxy: each has its Via and ours.
      const reinvites = [...bob.wire('received', /^INVITE /).slice(1), ...alice.wire('received', /^INVITE /)]
      expect(reinvites).toHaveLength(4)
      for (const request of reinvites) expect(request.match(/^Via:/gm)).toHaveLength(2)

      // Blind: bob calls carol, and alice leaves.
      const blind = outgoing.transfer('sip:carol@sip.test')
      const atCarol = await carol.incoming()
      expect(await atCarol.answer()).toEqual(ok)
      expect(await blind).toMatchObject({ ok: true, status: 200 })
      expect(await outgoing.ended()).toMatchObject({ cause: 'transferred' })
      expect(await atCarol.hangUp()).toEqual(ok)

      // Attended: alice has talked to carol, whose call with bob takes the place of hers.
      const first = await alice.call('sip:bob@sip.test')
      expect(await (await bob.incoming()).answer()).toEqual(ok)
      expect(await first.answered()).toBe(true)
      const consultation = await alice.call('sip:carol@sip.test')
      const consulted = await carol.incoming()
      expect(await consulted.answer()).toEqual(ok)
      expect(await consultation.answered()).toBe(true)
      expect(await first.transfer(consultation)).toMatchObject({ ok: true, status: 200 })
      expect(await consulted.ended()).toMatchObject({ cause: 'replaced' })
      expect(await first.ended()).toMatchObject({ cause: 'transferred' })
    } finally {
      kamailio.stop()
    }
  })

  it('over UDP and TCP: a session timer, refreshed by UPDATE', async () => {
    const kamailio = Kamailio.start(place(), ['WITH_AUTH'])
    // At fifteen times the pace the 90 s of the shortest interval are six, and a refresh is due after three.
    const refreshes = async (transport: 'UDP' | 'TCP', names: readonly (keyof typeof ports)[]): Promise<void> => {
      const [caller, callee] = await registered(names, transport, { sessionExpires: 90, pace: 15 }) as [Phone, Phone]
      const call = await caller.call(`sip:${callee.name}@sip.test`)
      expect(await call.answered()).toBe(true)
      expect(caller.wire('received', /^SIP\/2.0 200 [^]*CSeq: \d+ INVITE/).at(-1)).toMatch(/Session-Expires: 90;refresher=ua[cs]/)
      const updates = (): string[] => [...callee.wire('received', /^UPDATE /), ...caller.wire('received', /^UPDATE /)]
      // As long as the interval: two refreshes reach the other side.
      await expect.poll(() => updates().length, { timeout: 20_000, interval: 100 }).toBeGreaterThanOrEqual(2)
      expect(updates()[0]).toMatch(/Session-Expires: 90/)
      expect(await call.hangUp()).toEqual(ok)
      expect(await call.ended()).toEqual({ by: 'local', cause: 'hung-up' })
    }
    try {
      await Promise.all([refreshes('UDP', ['alice', 'bob']), refreshes('TCP', ['carol', 'dave'])])
    } finally {
      kamailio.stop()
    }
  })
})

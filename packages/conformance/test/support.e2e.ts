// The harness proved on the peers themselves: what it reports of a good run and of a bad one.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Baresip } from './support/baresip.js'
import { Kamailio } from './support/kamailio.js'
import { describeWith } from './support/peers.js'
import { Sipp } from './support/sipp.js'

describeWith(['sipp'], 'SIPp against SIPp', (place) => {
  it.each([['127.0.0.1', '127.0.0.1:5060', 'u1'], ['127.0.0.1', '127.0.0.1:5060', 't1'], ['::1', '[::1]:5060', 'u1']] as const)('%s %s %s: counts the calls', async (host, target, transport) => {
    new Sipp(place(), { scenario: 'uas', host, transport, port: 5060, calls: 20 })
    await place().listening(5060)
    const uac = new Sipp(place(), { scenario: 'uac', target, host, transport, port: 5070, calls: 20, rate: 50 })
    expect(await uac.verdict()).toMatchObject({ code: 0, successful: 20, failed: 0, unexpected: 0 })
  })
})

describeWith(['sipp', 'scripts'], 'SIPp scenarios', (place) => {
  it('reports a call that goes wrong, with its messages', async () => {
    new Sipp(place(), { scenario: 'busy_uas', port: 5060 })
    await place().listening(5060)
    const { code, failed, complaint } = await new Sipp(place(), { scenario: 'call_uac', target: '127.0.0.1:5060', port: 5070 }).verdict()
    expect({ code, failed }).toEqual({ code: 1, failed: 1 })
    expect(complaint).toContain('486')
  })
})

describeWith(['sipp', 'kamailio', 'scripts'], 'SIPp through Kamailio', (place) => {
  it('registers with digest and calls', async () => {
    const kamailio = Kamailio.start(place(), ['WITH_AUTH'])
    try {
      const bob = { port: 16070, target: '127.0.0.1:15060' }
      expect(await new Sipp(place(), { scenario: 'register_uac', ...bob, extra: ['-s', 'bob', '-au', 'bob', '-ap', 'bob-pw'] }).verdict()).toMatchObject({ code: 0 })
      new Sipp(place(), { scenario: 'call_uas', port: 16070 })
      await place().listening(16070)
      const call = new Sipp(place(), { scenario: 'call_uac', port: 16080, target: '127.0.0.1:15060', extra: ['-s', 'bob', '-au', 'alice', '-ap', 'alice-pw', '-d', '100'] })
      const verdict = await call.verdict()
      expect(verdict, `${verdict.complaint}\n${kamailio.log}`).toMatchObject({ code: 0, successful: 1 })
    } finally {
      kamailio.stop()
    }
  })
})

describeWith(['sipp', 'baresip', 'scripts'], 'SIPp to baresip', (place) => {
  it('echoes its tone, and the recording measures 440 Hz', async () => {
    const phone = Baresip.start(place(), { port: 17060, source: 'sine:440' })
    const call = new Sipp(place(), { scenario: 'call_uac', target: '127.0.0.1:17060', port: 5070, extra: ['-s', 'bare', '-d', '1500', '-rtp_echo'] })
    expect(await call.verdict()).toMatchObject({ code: 0 })
    await sleep(300)
    const heard = phone.stop()
    expect(heard?.frequency).toBe(440)
    expect(heard?.loudness).toBeGreaterThan(0.2)
  })
})

// Kamailio as registrar and record-routing proxy with digest: we register and call over each of its transports, SIPp stands behind it on UDP.
import { expect, it } from 'vitest'
import { Kamailio } from './support/kamailio.js'
import { offhook } from './support/offhook.js'
import { describeWith } from './support/peers.js'
import { Sipp } from './support/sipp.js'

const { udp, tcp, tls, ws } = Kamailio.ports
const servers = { udp: `sip:127.0.0.1:${udp}`, tcp: `sip:127.0.0.1:${tcp};transport=tcp`, tls: `sip:localhost:${tls};transport=tls`, ws: `ws://127.0.0.1:${ws}` }
const proxy = `127.0.0.1:${udp}`
const as = (user: string): string[] => ['--user', user, '--password', `${user}-pw`]

describeWith(['kamailio', 'sipp', 'scripts'], 'Kamailio', (place) => {
  it.each(['udp', 'tcp', 'tls', 'ws'] as const)('over %s: register with digest, be called, call, and call each other', { timeout: 60_000 }, async (transport) => {
    const kamailio = Kamailio.start(place())
    const server = servers[transport]
    const ca = transport === 'tls' ? ['--ca', kamailio.authority] : []
    const story = (...programs: { readonly output: string }[]): string => [...programs.map(({ output }) => output.slice(-3000)), kamailio.log].join('\n')
    try {
      const listen = transport === 'udp' ? ['--listen', 'udp:127.0.0.1:5062'] : []
      const bob = offhook(place(), ['answer', '--register', 'sip:bob@sip.test', '--registrar', server, ...as('bob'), ...ca, ...listen])
      await bob.until(/"registered"/)

      // SIPp calls us, by way of Kamailio.
      const caller = new Sipp(place(), { scenario: 'call_uac', target: proxy, port: 16080, extra: ['-s', 'bob', '-au', 'alice', '-ap', 'alice-pw', '-d', '200'] })
      const called = await caller.verdict()
      expect(called, `${called.complaint}\n${story(bob)}`).toMatchObject({ code: 0, successful: 1 })

      // We call SIPp.
      expect(await new Sipp(place(), { scenario: 'register_uac', target: proxy, port: 16070, extra: ['-s', 'carol', '-au', 'carol', '-ap', 'carol-pw'] }).verdict()).toMatchObject({ code: 0 })
      const callee = new Sipp(place(), { scenario: 'call_uas', port: 16070 })
      await place().listening(16070)
      const toSipp = offhook(place(), ['call', 'sip:carol@sip.test', '--route', server, ...as('alice'), '--duration', '0.2', ...ca])
      expect((await toSipp.end()).code, story(toSipp)).toBe(0)
      expect(await callee.verdict()).toMatchObject({ code: 0, successful: 1 })

      // We call ourselves.
      const toUs = offhook(place(), ['call', 'sip:bob@sip.test', '--route', server, ...as('alice'), '--duration', '0.2', ...ca])
      expect((await toUs.end()).code, story(toUs, bob)).toBe(0)
    } finally {
      kamailio.stop()
    }
  })

  it('refuses a wrong password, and we stop after one retry', { timeout: 30_000 }, async () => {
    const kamailio = Kamailio.start(place(), ['WITH_AUTH'])
    try {
      const client = offhook(place(), ['register', 'sip:bob@sip.test', '--registrar', servers.udp, '--user', 'bob', '--password', 'wrong'])
      const { code, stdout, stderr } = await client.end()
      expect(code, stdout).toBe(1)
      expect(stderr).toMatch(/password/i)
    } finally {
      kamailio.stop()
    }
  })

  it('bridges transports: a caller on WebSocket, a callee on TCP', { timeout: 30_000 }, async () => {
    const kamailio = Kamailio.start(place())
    try {
      const bob = offhook(place(), ['answer', '--register', 'sip:bob@sip.test', '--registrar', servers.tcp, ...as('bob')])
      await bob.until(/"registered"/)
      const alice = offhook(place(), ['call', 'sip:bob@sip.test', '--route', servers.ws, ...as('alice'), '--duration', '0.2'])
      expect((await alice.end()).code, `${alice.output}\n${bob.output}\n${kamailio.log}`).toBe(0)
    } finally {
      kamailio.stop()
    }
  })
})

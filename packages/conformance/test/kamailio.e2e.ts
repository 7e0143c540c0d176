// Kamailio as registrar and proxy, with digest, over each of its transports.
import { expect, it } from 'vitest'
import { Kamailio } from './support/kamailio.js'
import { offhook } from './support/offhook.js'
import { describeWith } from './support/peers.js'

const serverOf = {
  udp: 'sip:127.0.0.1:15060', tcp: 'sip:127.0.0.1:15060;transport=tcp', tls: 'sip:localhost:15061;transport=tls', ws: 'ws://127.0.0.1:15080',
} as const

describeWith(['kamailio', 'scripts'], 'Kamailio', (place) => {
  it.each(['udp', 'tcp', 'tls', 'ws'] as const)('%s: registers with digest, calls through it, is called through it', { timeout: 60_000 }, async (transport) => {
    const kamailio = Kamailio.start(place())
    const env = { NODE_EXTRA_CA_CERTS: kamailio.authority }
    const server = serverOf[transport]
    try {
      const bob = offhook(place(), ['answer', '--register', 'sip:bob@sip.test', '--registrar', server, '--user', 'bob', '--password', 'bob-pw'], env)
      await bob.until(/registered/)
      const alice = offhook(place(), ['call', 'sip:bob@sip.test', '--route', server, '--user', 'alice', '--password', 'alice-pw', '--duration', '0.5'], env)
      const ending = await alice.end()
      expect(ending.code, `${alice.output}\n${bob.output}\n${kamailio.log}`).toBe(0)
    } finally {
      kamailio.stop()
    }
  })
})

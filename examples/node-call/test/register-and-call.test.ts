import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { SipServer } from '@offhook/sip-server'
import { UserAgent } from '@offhook/sip-session'
import { udpAdapter } from '@offhook/sip-transport-node'
import { expect, it } from 'vitest'
import { registerAndCall } from '../register-and-call.ts'

const answer = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=sendonly\r\n'

it('registers with a password, is answered, and hangs up', async () => {
  const server = new SipServer({ adapters: [udpAdapter()], clock: hostClock, random: hostRandom, auth: { realm: 'localhost', passwords: (user) => `${user}-pw` } })
  const { local } = await server.listen({ transport: 'UDP', host: '127.0.0.1', port: 0 })
  const uri = `sip:127.0.0.1:${local.port}`
  const bob = new UserAgent({ identity: 'sip:bob@localhost', password: 'bob-pw', server: uri, adapters: [udpAdapter()] })
  bob.on('incoming', (call) => {
    void call.ring()
    void call.answer({ body: answer })
  })
  try {
    await bob.register()
    const said: string[] = []
    const plan = { identity: 'sip:alice@localhost', password: 'alice-pw', server: uri, target: 'sip:bob@localhost', duration: 50 }
    expect(await registerAndCall(plan, (line) => said.push(line))).toBe(true)
    expect(said.slice(0, 3)).toEqual(['registered as sip:alice@localhost', 'it rings', 'answered'])
    expect(said).toHaveLength(4)

    said.length = 0
    expect(await registerAndCall({ ...plan, target: 'sip:nobody@localhost' }, (line) => said.push(line))).toBe(false)
    expect(said.at(-1)).toMatch(/^no call: /)
  } finally {
    await bob.close()
    await server.close()
  }
})

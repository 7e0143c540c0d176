import { createSocket } from 'node:dgram'
import { setTimeout as delay } from 'node:timers/promises'
import { createOffer, serializeSessionDescription } from '@offhook/sip-sdp'
import { UserAgent } from '@offhook/sip-session'
import { locate, nodeAdapters } from '@offhook/sip-transport-node'

/** Whom to be, whom to call, and for how many ms to stay on the line. */
export interface Plan {
  readonly identity: string
  readonly password?: string
  /** Where everything goes first, such as `sip:127.0.0.1:5060`. */
  readonly server: string
  readonly target: string
  readonly duration: number
}

/** Registers, calls, hangs up; tells each step to `say` and resolves with whether the call was answered. */
export async function registerAndCall({ identity, password, server, target, duration }: Plan, say: (line: string) => void): Promise<boolean> {
  const agent = new UserAgent({ identity, server, adapters: nodeAdapters(), locate, ...(password === undefined ? {} : { password }) })
  const audio = createSocket('udp4')
  let packets = 0
  audio.on('message', () => (packets += 1))
  await new Promise<void>((resolve) => audio.bind(0, '127.0.0.1', resolve))
  try {
    await agent.register()
    say(`registered as ${identity}`)
    const offer = createOffer({
      origin: { sessionId: String(Date.now()) }, address: '127.0.0.1',
      media: [{ kind: 'audio', port: audio.address().port, protocols: ['RTP/AVP'], codecs: [{ encoding: 'PCMU', clockRate: 8000 }], direction: 'recvonly' }],
    })
    const call = agent.call(target, { body: serializeSessionDescription(offer) })
    call.on('ringing', () => say('it rings'))
    const outcome = await call.answered
    if (!outcome.answered) {
      say(`no call: ${outcome.end.reason}`)
      return false
    }
    say('answered')
    await Promise.race([delay(duration), call.ended])
    await call.hangUp()
    say(`over: ${(await call.ended).reason}; ${packets} audio packets came`)
    return true
  } finally {
    audio.close()
    await agent.close()
  }
}

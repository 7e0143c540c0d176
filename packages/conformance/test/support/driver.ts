// A caller for what the command line has no words for: run inside a place by `node driver.ts <plan> <uri>`, on the built packages.
import { setTimeout as delay } from 'node:timers/promises'
import { UserAgent, type Call, type SessionDescriptionHandler } from '@offhook/sip-session'
import { createLocate, nodeAdapters } from '@offhook/sip-transport-node'

const [, , plan = '', target = ''] = process.argv
let version = 0

const describe = (direction: string): { contentType: string; body: string } => ({
  contentType: 'application/sdp',
  body: `v=0\r\no=- 7 ${++version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=${direction}\r\n`,
})

/** Media that only signals: hold is a direction. */
const media = (): SessionDescriptionHandler => ({
  createOffer: ({ hold }) => Promise.resolve(describe(hold === true ? 'sendonly' : 'sendrecv')),
  answerOffer: () => Promise.resolve(describe('sendrecv')),
  applyAnswer: () => Promise.resolve(),
  rollback: () => Promise.resolve(),
  remoteHold: false,
  mute: () => undefined,
  dtmf: () => Promise.resolve(false),
  close: () => undefined,
})

const steps: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
  hold: async (call) => {
    const held = await call.hold()
    await delay(200)
    return [held, await call.resume()]
  },
  'hold-once': (call) => call.hold(),
  digit: (call) => call.dtmf('5'),
  offerless: () => delay(100),
}

const agent = new UserAgent({ identity: 'sip:driver@127.0.0.1', adapters: nodeAdapters(), locate: createLocate(), media })
const call = agent.call(target, plan === 'offerless' ? { offerless: true } : {})
const outcome = await call.answered
if (!outcome.answered) throw new Error(`The call was not answered: ${outcome.end.reason}`)
console.log(JSON.stringify({ event: 'did', plan, result: await steps[plan]?.(call) }))
await call.hangUp()
console.log(JSON.stringify({ event: 'ended', reason: (await call.ended).reason }))
await agent.close()

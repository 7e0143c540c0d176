// A caller for what the command line has no words for: run inside a place by `node driver.ts <plan> <uri>`, on the built packages.
import { setTimeout as delay } from 'node:timers/promises'
import { UserAgent, type Call } from '@offhook/sip-session'
import { createLocate, nodeAdapters } from '@offhook/sip-transport-node'
import { signallingMedia } from './signalling-media.ts'

const [, , plan = '', target = ''] = process.argv

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

const agent = new UserAgent({ identity: 'sip:driver@127.0.0.1', adapters: nodeAdapters(), locate: createLocate(), media: signallingMedia })
const call = agent.call(target, plan === 'offerless' ? { offerless: true } : {})
const outcome = await call.answered
if (!outcome.answered) throw new Error(`The call was not answered: ${outcome.end.reason}`)
console.log(JSON.stringify({ event: 'did', plan, result: await steps[plan]?.(call) }))
await call.hangUp()
console.log(JSON.stringify({ event: 'ended', reason: (await call.ended).reason }))
await agent.close()

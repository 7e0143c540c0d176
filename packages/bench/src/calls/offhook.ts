// Our UserAgent on the memory network, message framing as on a WebSocket; no media engine, bodies passed by hand.
import { UserAgent, type Call } from '@offhook/sip-session'
import { createMemoryNetwork } from '@offhook/sip-transport/memory'
import { answer, offer, type CallMaker, type Established } from './call-maker.ts'

export async function offhook(): Promise<CallMaker> {
  const network = createMemoryNetwork()
  const bob = new UserAgent({ identity: 'sip:bob@192.0.2.20', adapters: [network.adapter('WS', '192.0.2.20')] })
  await bob.listen({ transport: 'WS', host: '192.0.2.20', port: 80 })
  const alice = new UserAgent({ identity: 'sip:alice@example.com', server: 'ws://192.0.2.20:80', adapters: [network.adapter('WS', '192.0.2.10')] })
  let arrived: (call: Call) => void = () => undefined
  bob.on('incoming', (call) => {
    void call.ring()
    arrived(call)
    void call.answer({ body: answer })
  })
  return {
    place: async () => {
      const incoming = new Promise<Call>((resolve) => {
        arrived = resolve
      })
      const caller = alice.call('sip:bob@192.0.2.20', { body: offer })
      const outcome = await caller.answered
      if (!outcome.answered) throw new TypeError(`The call was not answered: ${outcome.end.reason}`)
      const callee = await incoming
      // Answered at the callee means: its 200 was acknowledged.
      await callee.answered
      return established(caller, callee)
    },
    close: () => {
      void alice.close()
      void bob.close()
    },
  }
}

const established = (caller: Call, callee: Call): Established => ({
  hangUp: async () => {
    void caller.hangUp()
    await Promise.all([caller.ended, callee.ended])
  },
})

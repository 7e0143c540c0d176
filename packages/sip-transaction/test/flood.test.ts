import { describe, expect, it } from 'vitest'
import { LayerSide, tcp, typesOf } from './support/layer-side.js'
import { requestOf, responseTo } from './support/messages.js'

const LIMIT = 2000
const SECONDS = 2
const RATE = 20_000
const CALLS = 50

/** threats.md, attack classes: "INVITE/REGISTER flood, spoofed UDP"; CVE-2021-41145 "flood 100 k INVITE: bounded transactions, 503/drop". */
describe('an INVITE flood of 20,000 a second', () => {
  it('leaves live transactions below the limit, calls in progress to their end, and nothing behind', { timeout: 60_000 }, () => {
    const side = new LayerSide({ maxTransactions: LIMIT })
    const calls = Array.from({ length: CALLS }, (_, number) => {
      const invite = requestOf('INVITE', { branch: `z9hG4bKcall${String(number)}`, callId: `call${String(number)}` })
      return { number, invite, key: side.accept(invite) }
    })
    let refused = 0
    let most = 0
    for (let count = 0; count < SECONDS * RATE; count++) {
      for (const effect of side.incoming(requestOf('INVITE', { branch: `z9hG4bKflood${String(count)}`, sentBy: 'flood.example.com' }))) {
        if (effect.type === 'refused') refused++
        // What was let in is turned away by its user, and never acknowledged.
        else if (effect.type === 'request') side.respond(effect.key, responseTo(effect.request, 404))
      }
      most = Math.max(most, side.layer.size)
      side.pass(1000 / RATE)
      const call = calls[count / 500]
      if (call === undefined) continue
      // Answered, acknowledged and hung up in the middle of it.
      const { number, invite, key } = call
      const callId = `call${String(number)}`
      expect(typesOf(side.respond(key, responseTo(invite, 200)))).toEqual(['send'])
      expect(typesOf(side.incoming(requestOf('ACK', { branch: `z9hG4bKack${String(number)}`, callId, toTag: 'ours' })))).toEqual(['ack'])
      const bye = requestOf('BYE', { branch: `z9hG4bKbye${String(number)}`, callId, toTag: 'ours' })
      expect(typesOf(side.respond(side.accept(bye), responseTo(bye, 200)))).toEqual(['send'])
    }
    expect(most).toBeLessThanOrEqual(LIMIT)
    expect(refused).toBeGreaterThan(SECONDS * RATE - LIMIT)
    side.pass(64_000)
    expect(side.layer.entries).toBe(0)
    expect(side.layer.deadline).toBe(Infinity)
    expect(typesOf(side.incoming(requestOf('OPTIONS', { branch: 'z9hG4bKafterwards' }), tcp))).toEqual(['request'])
  })
})

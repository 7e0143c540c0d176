import { randomFraction, randomInteger } from '@offhook/sip-machine'
import { seededRandom } from '@offhook/sip-machine/testing'
import { createResponse, parseMessage, serializeMessage } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { LayerSide, tcp, udp } from './support/layer-side.js'
import { requestOf, responseTo } from './support/messages.js'

const SEED = 6026
const odd = ['', ' ', ';', ',', '"', '<', '>', '\t', '\0', '\x7f', 'é', '__proto__', 'z9hG4bK', '-1', '4294967296', '%00', ';branch=', ';tag=', 'ACK', 'CANCEL', 'INVITE']

describe('messages of a hostile peer', () => {
  it('never make the layer throw, and leave nothing behind', () => {
    const random = seededRandom(SEED)
    const side = new LayerSide({ maxTransactions: 500 })
    const requests = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'SUBSCRIBE'].flatMap((method) => [
      requestOf(method, { toTag: 'x' }), requestOf(method, { branch: undefined }), requestOf(method, { headers: [['Timestamp', '1.5 x'], ['Record-Route', '<sip:p;lr>']] }),
    ])
    const own = requestOf('INVITE', { branch: 'z9hG4bKown', headers: [['Route', '<sip:p;lr>']] })
    const messages = [...requests, ...[100, 183, 200, 302, 408, 699].map((status) => responseTo(own, status))].map((message) => new TextDecoder().decode(serializeMessage(message)))
    let parsed = 0
    for (let round = 0; round < 20_000; round++) {
      let text = messages[randomInteger(random, 0, messages.length)] ?? ''
      for (let change = randomInteger(random, 0, 4); change > 0; change--) {
        const at = randomInteger(random, 0, text.length)
        text = text.slice(0, at) + (odd[randomInteger(random, 0, odd.length)] ?? '') + text.slice(at + randomInteger(random, 0, 3))
      }
      const result = parseMessage(text)
      if (!result.ok) continue
      parsed++
      try {
        if (side.layer.stateOf('own') === undefined && side.layer.size < 400) side.open('own', own)
        for (const effect of side.incoming(result.value, randomFraction(random) < 0.5 ? udp : tcp)) {
          if (effect.type !== 'request' && effect.type !== 'cancel') continue
          const choice = randomInteger(random, 0, 6)
          if (choice === 0) side.step({ type: 'abandon', key: effect.key })
          else if (choice < 5) side.respond(effect.key, createResponse(effect.request, { statusCode: [180, 200, 408, 486][choice - 1] ?? 200, toTag: 't' }))
          if (choice === 1 || choice === 5) side.step({ type: 'abandon', key: effect.key })
        }
      } catch (error) {
        throw new Error(`seed ${String(SEED)}, round ${String(round)}: ${JSON.stringify(text)}`, { cause: error })
      }
      side.pass(randomInteger(random, 0, 200))
    }
    expect(parsed).toBeGreaterThan(5000)
    side.step({ type: 'abandon', key: 'own' })
    side.pass(100_000)
    expect(side.layer.size).toBe(0)
    expect(side.layer.deadline).toBe(Infinity)
  })
})

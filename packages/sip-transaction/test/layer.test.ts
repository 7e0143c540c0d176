import { describe, expect, it } from 'vitest'
import type { TransactionEffect } from '../src/layer-messages.js'
import { callsForNextTarget } from '../src/next-target.js'
import { TransactionError } from '../src/transaction-error.js'
import type { TransactionErrorCode } from '../src/transaction-error.js'
import { LayerSide, tcp, typesOf, udp } from './support/layer-side.js'
import type { TestFlow } from './support/layer-side.js'
import { requestOf, responseTo } from './support/messages.js'

const invite = requestOf('INVITE')
const options = requestOf('OPTIONS')

/** How to bring a transaction of a fresh layer into a state: returns its key. */
const clientStates: Record<string, (side: LayerSide, flow: TestFlow) => string> = {
  'INVITE client, calling': (side, flow) => (side.open('c', invite, flow), 'c'),
  'INVITE client, proceeding': (side, flow) => (side.open('c', invite, flow), side.incoming(responseTo(invite, 180), flow), 'c'),
  'INVITE client, completed': (side, flow) => (side.open('c', invite, flow), side.incoming(responseTo(invite, 486), flow), 'c'),
  'INVITE client, accepted': (side, flow) => (side.open('c', invite, flow), side.incoming(responseTo(invite, 200), flow), 'c'),
  'non-INVITE client, trying': (side, flow) => (side.open('c', options, flow), 'c'),
  'non-INVITE client, proceeding': (side, flow) => (side.open('c', options, flow), side.incoming(responseTo(options, 100), flow), 'c'),
  'non-INVITE client, completed': (side, flow) => (side.open('c', options, flow), side.incoming(responseTo(options, 200), flow), 'c'),
}

function answered(side: LayerSide, flow: TestFlow, request: typeof invite, statusCode: number): string {
  const key = side.accept(request, flow)
  side.respond(key, responseTo(request, statusCode))
  return key
}

const serverStates: Record<string, (side: LayerSide, flow: TestFlow) => string> = {
  'INVITE server, proceeding': (side, flow) => side.accept(invite, flow),
  'INVITE server, completed': (side, flow) => answered(side, flow, invite, 486),
  'INVITE server, accepted': (side, flow) => answered(side, flow, invite, 200),
  'INVITE server, confirmed': (side, flow) => {
    const key = answered(side, flow, invite, 486)
    side.incoming(requestOf('ACK'), flow)
    return key
  },
  'non-INVITE server, trying': (side, flow) => side.accept(options, flow),
  'non-INVITE server, proceeding': (side, flow) => {
    const key = side.accept(options, flow)
    side.pass(3500)
    return key
  },
  'non-INVITE server, completed': (side, flow) => answered(side, flow, options, 200),
}

/** CVE-2018-7286, CVE-2020-28327: a connection that is cut in any state. */
describe('a failing flow', () => {
  for (const [title, enter] of Object.entries({ ...clientStates, ...serverStates })) {
    it(`reliable: leaves nothing of ${title}`, () => {
      const side = new LayerSide()
      const key = enter(side, tcp)
      const live = side.layer.size
      const effects = side.step({ type: 'flow-failed', flow: tcp })
      expect(effects.filter(({ type }) => type === 'ended')).toEqual(live === 1 ? [{ type: 'ended', key }] : [])
      expect(effects.filter(({ type }) => type === 'flow-failed').length).toBeLessThanOrEqual(1)
      expect(side.layer.entries).toBe(0)
      expect(side.layer.deadline).toBe(Infinity)
      expect(side.step({ type: 'flow-failed', flow: tcp })).toEqual([])
    })
  }

  for (const [title, enter] of Object.entries(clientStates)) {
    it(`unreliable: leaves nothing of ${title}`, () => {
      const side = new LayerSide()
      const key = enter(side, udp)
      const effects = side.step({ type: 'flow-failed', flow: udp })
      expect(effects.at(-1)).toEqual({ type: 'ended', key })
      expect(typesOf(effects)).toEqual(title.startsWith('non-INVITE client, completed') ? ['ended'] : ['flow-failed', 'ended'])
      expect(side.layer.entries).toBe(0)
      expect(side.layer.deadline).toBe(Infinity)
    })
  }

  for (const [title, enter] of Object.entries(serverStates)) {
    it(`unreliable: ends ${title}, and absorbs retransmissions in silence for 64·T1 (RFC 6026 §6)`, () => {
      const side = new LayerSide()
      const key = enter(side, udp)
      const effects = side.step({ type: 'flow-failed', flow: udp })
      expect(typesOf(effects)).toEqual(title.endsWith('confirmed') ? ['ended'] : ['flow-failed', 'ended'])
      expect(side.layer.stateOf(key)).toBe('silent')
      const request = title.startsWith('INVITE') ? invite : options
      expect(side.incoming(request)).toEqual([])
      expect(side.incoming(requestOf('ACK'))).toEqual(title.startsWith('INVITE') ? [] : [expect.objectContaining({ type: 'ack' })])
      expect(side.respond(key, responseTo(request, 200))).toEqual([])
      expect(side.step({ type: 'flow-failed', flow: udp })).toEqual([])
      expect(side.pass(31_999)).toEqual([])
      expect(side.layer.size).toBe(1)
      expect(side.pass(1)).toEqual([])
      expect(side.layer.entries).toBe(0)
      expect(side.layer.deadline).toBe(Infinity)
    })
  }

  it('fails its own transactions only', () => {
    const side = new LayerSide()
    const other: TestFlow = { name: 'other', reliable: true }
    side.open('a', requestOf('OPTIONS', { branch: 'z9hG4bKa' }), tcp)
    side.open('b', requestOf('OPTIONS', { branch: 'z9hG4bKb' }), other)
    expect(side.step({ type: 'flow-failed', flow: tcp })).toEqual([{ type: 'flow-failed', key: 'a' }, { type: 'ended', key: 'a' }])
    expect(side.layer.stateOf('b')).toBe('trying')
  })
})

describe('RFC 3261 §17.1.4, RFC 6026 §8.8 a message that could not be sent', () => {
  it.each(Object.entries(clientStates))('ends %s', (_title, enter) => {
    const side = new LayerSide()
    const key = enter(side, udp)
    expect(side.step({ type: 'send-failed', key }).at(-1)).toEqual({ type: 'ended', key })
    expect(side.layer.size).toBe(0)
  })

  it.each(Object.entries(serverStates))('leaves %s as it is', (title, enter) => {
    const side = new LayerSide()
    const key = enter(side, udp)
    const state = side.layer.stateOf(key)
    expect(side.step({ type: 'send-failed', key })).toEqual(title.endsWith('confirmed') ? [] : [{ type: 'flow-failed', key }])
    expect(side.layer.stateOf(key)).toBe(state)
  })
})

describe('an abandoned transaction', () => {
  it.each(Object.entries(clientStates))('%s: is forgotten without a word', (_title, enter) => {
    const side = new LayerSide()
    const key = enter(side, udp)
    expect(side.step({ type: 'abandon', key })).toEqual([])
    expect(side.layer.size).toBe(0)
    expect(side.layer.deadline).toBe(Infinity)
    expect(typesOf(side.incoming(responseTo(invite, 200)))).toEqual(['stray-response'])
  })

  it.each(Object.entries(serverStates))('%s: says nothing any more, and is forgotten after 64·T1', (title, enter) => {
    const side = new LayerSide()
    const key = enter(side, udp)
    const request = title.startsWith('INVITE') ? invite : options
    expect(side.step({ type: 'abandon', key })).toEqual([])
    expect(side.incoming(request)).toEqual([])
    expect(side.respond(key, responseTo(request, 200))).toEqual([])
    side.pass(10_000)
    expect(side.step({ type: 'abandon', key })).toEqual([])
    expect(side.step({ type: 'send-failed', key })).toEqual([])
    expect(side.pass(22_000)).toEqual([])
    expect(side.layer.size).toBe(0)
  })

  it('INVITE server: a CANCEL does not find it any more', () => {
    const side = new LayerSide()
    const key = side.accept(invite)
    side.step({ type: 'abandon', key })
    expect(side.incoming(requestOf('CANCEL'))).toMatchObject([{ type: 'cancel', inviteKey: undefined }])
  })

  it('over a reliable flow is forgotten at once', () => {
    const side = new LayerSide()
    side.step({ type: 'abandon', key: side.accept(invite, tcp) })
    expect(side.layer.size).toBe(0)
  })

  it('unknown keys are harmless', () => {
    const side = new LayerSide()
    for (const type of ['abandon', 'send-failed'] as const) expect(side.step({ type, key: 'nobody' })).toEqual([])
    expect(side.respond('nobody', responseTo(invite, 200))).toEqual([])
  })
})

describe('events of the transaction user', () => {
  it('timer B, F and H say so, then end', () => {
    const side = new LayerSide()
    side.open('b', invite)
    side.open('f', requestOf('OPTIONS', { branch: 'z9hG4bKf' }))
    const h = answered(side, udp, requestOf('INVITE', { sentBy: 'other.example.com' }), 486)
    const told = side.pass(32_000).filter(({ type }) => type !== 'send')
    expect(told).toEqual([
      { type: 'timeout', key: 'b', timer: 'B' }, { type: 'ended', key: 'b' },
      { type: 'timeout', key: 'f', timer: 'F' }, { type: 'ended', key: 'f' },
      { type: 'timeout', key: h, timer: 'H' }, { type: 'ended', key: h },
    ])
    expect(side.layer.size).toBe(0)
    expect(side.layer.deadline).toBe(Infinity)
  })

  it('retransmissions carry the very object that was sent first', () => {
    const side = new LayerSide()
    side.open('c', invite)
    const again = side.pass(1500)
    expect(again).toHaveLength(2)
    for (const effect of again) {
      if (effect.type !== 'send') throw new TypeError('not sent')
      expect(effect.message).toBe(invite)
      expect(effect.retransmission).toBe(true)
    }
  })

  it('a key and a branch may be used again once the transaction is over', () => {
    const side = new LayerSide()
    for (let round = 0; round < 3; round++) {
      side.open('c', options, tcp)
      expect(side.incoming(responseTo(options, 200), tcp)).toMatchObject([{ type: 'response' }, { type: 'ended', key: 'c' }])
    }
    expect(side.layer.size).toBe(0)
  })
})

describe('RFC 3263 §4.3 the next target', () => {
  it('is called for by a failed flow, by silence and by 503, and by nothing else', () => {
    const side = new LayerSide()
    const ways: ((branch: string) => TransactionEffect<TestFlow>[])[] = [
      () => side.step({ type: 'send-failed', key: 'c' }),
      () => side.step({ type: 'flow-failed', flow: udp }),
      () => side.pass(32_000),
      (branch) => side.incoming(responseTo(requestOf('OPTIONS', { branch }), 503)),
      (branch) => side.incoming(responseTo(requestOf('OPTIONS', { branch }), 500)),
      (branch) => side.incoming(responseTo(requestOf('OPTIONS', { branch }), 100)),
      () => side.step({ type: 'abandon', key: 'c' }),
    ]
    const calls = ways.map((way, index) => {
      side.step({ type: 'abandon', key: 'c' })
      const branch = `z9hG4bK${String(index)}`
      side.open('c', requestOf('OPTIONS', { branch }))
      return way(branch).filter(callsForNextTarget).length
    })
    expect(calls).toEqual([1, 1, 1, 1, 0, 0, 0])
  })

  it('is not called for when no ACK comes', () => {
    const side = new LayerSide()
    answered(side, udp, invite, 486)
    expect(side.pass(100_000).filter(callsForNextTarget)).toEqual([])
  })

  it('gets the request again with a fresh branch, as one that was never sent', () => {
    const side = new LayerSide()
    const targets: TestFlow[] = [{ name: 'first', reliable: true }, { name: 'second', reliable: true }, { name: 'third', reliable: false }]
    const request = requestOf('INVITE', { branch: side.layer.createBranch() })
    const branches: string[] = []
    const attempt = (flow: TestFlow): void => {
      request.headers.set('Via', `SIP/2.0/UDP pc33.atlanta.example.com;branch=${side.layer.createBranch()}`)
      branches.push(request.via.branch ?? '')
      expect(side.open('call', request.clone(), flow)).toMatchObject([{ type: 'send', flow, retransmission: false }])
    }
    let next = 0
    const follow = (effects: TransactionEffect<TestFlow>[]): void => {
      const flow = targets[next]
      if (!effects.some(callsForNextTarget) || flow === undefined) return
      next++
      attempt(flow)
    }
    follow([{ type: 'flow-failed', key: 'call' }])
    follow(side.step({ type: 'flow-failed', flow: targets[0] ?? udp }))
    follow(side.incoming(responseTo(request, 503)))
    follow(side.incoming(responseTo(request, 180)))
    expect(next).toBe(3)
    expect(new Set(branches).size).toBe(3)
    expect(side.layer.stateOf('call')).toBe('proceeding')
    expect(side.layer.size).toBe(1)
  })
})

describe('misuse', () => {
  const codeOf = (act: () => unknown): TransactionErrorCode | undefined => {
    try {
      act()
      return undefined
    } catch (error) {
      if (!(error instanceof TransactionError)) throw error
      return error.code
    }
  }

  it('throws a TransactionError, and opens nothing', () => {
    const side = new LayerSide()
    side.open('c', options)
    expect(codeOf(() => side.open('c', invite))).toBe('key-in-use')
    expect(codeOf(() => side.open('d', options))).toBe('branch-in-use')
    expect(codeOf(() => side.open('server:x', invite))).toBe('reserved-key')
    expect(codeOf(() => side.open('e', requestOf('INVITE', { branch: undefined })))).toBe('no-branch')
    expect(codeOf(() => side.open('e', requestOf('ACK')))).toBe('ack-has-no-transaction')
    expect(codeOf(() => new LayerSide({ timers: { t1: 0 } }))).toBe('bad-timer-value')
    expect(codeOf(() => new LayerSide({ timers: { t4: NaN } }))).toBe('bad-timer-value')
    expect(side.layer.size).toBe(1)
  })
})

describe('at its limit', () => {
  it('refuses new requests with 503 and Retry-After, without state, always with the same To tag', () => {
    const side = new LayerSide({ maxTransactions: 2, retryAfter: 7 })
    const first = side.accept(requestOf('INVITE', { branch: 'z9hG4bK1' }))
    side.accept(requestOf('OPTIONS', { branch: 'z9hG4bK2' }))
    const late = requestOf('INVITE', { branch: 'z9hG4bK3' })
    const refusals = [side.incoming(late, tcp), side.incoming(late, tcp)].flat()
    expect(refusals).toMatchObject([{ type: 'refused', flow: tcp, request: late }, { type: 'refused' }])
    const responses = refusals.flatMap((effect) => (effect.type === 'refused' ? [effect.response] : []))
    for (const response of responses) {
      expect(response.statusCode).toBe(503)
      expect(response.retryAfter).toBe(7)
      expect(response.to.tag).toBe(responses[0]?.to.tag)
      expect(response.to.tag).toMatch(/^\w+$/)
    }
    expect(side.layer.size).toBe(2)
    // What is known goes on: retransmissions, the ACK, the CANCEL that makes room, answers, our own requests.
    expect(side.incoming(requestOf('OPTIONS', { branch: 'z9hG4bK2' }))).toEqual([])
    expect(typesOf(side.incoming(requestOf('ACK', { branch: 'z9hG4bK9' })))).toEqual(['ack'])
    expect(typesOf(side.incoming(requestOf('CANCEL', { branch: 'z9hG4bK8' })))).toEqual(['refused'])
    expect(side.incoming(requestOf('CANCEL', { branch: 'z9hG4bK1' }))).toMatchObject([{ type: 'cancel', inviteKey: first }])
    expect(typesOf(side.open('own', requestOf('OPTIONS', { branch: 'z9hG4bK7' })))).toEqual(['send'])
  })

  it('has room again when transactions end', () => {
    const side = new LayerSide({ maxTransactions: 1 })
    side.respond(side.accept(options), responseTo(options, 200))
    const late = requestOf('OPTIONS', { branch: 'z9hG4bKlate' })
    expect(typesOf(side.incoming(late))).toEqual(['refused'])
    side.pass(32_000)
    expect(typesOf(side.incoming(late))).toEqual(['request'])
  })

  it('a flood of requests takes no more than that', () => {
    const side = new LayerSide({ maxTransactions: 1000 })
    let refused = 0
    for (let count = 0; count < 5000; count++) {
      refused += side.incoming(requestOf('INVITE', { branch: `z9hG4bK${String(count)}` })).filter(({ type }) => type === 'refused').length
    }
    expect(refused).toBe(4125)
    expect(side.layer.size).toBe(875)
  })

  it('keeps an eighth for requests within dialogs', () => {
    const side = new LayerSide({ maxTransactions: 16 })
    const kinds = (change: object): string[] => Array.from({ length: 16 }, (_, count) => typesOf(side.incoming(requestOf('BYE', { branch: `z9hG4bK${JSON.stringify(change).length}x${String(count)}`, ...change })))).flat()
    expect(kinds({}).filter((type) => type === 'request')).toHaveLength(14)
    expect(kinds({ toTag: 'ours' }).filter((type) => type === 'request')).toHaveLength(2)
    expect(side.layer.size).toBe(16)
  })
})

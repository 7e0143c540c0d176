import { hostRandom } from '@offhook/sip-machine/host'
import { createResponse, isToken, parseMessage, serializeMessage } from '@offhook/sip-parser'
import type { SipMessage } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { createCancel } from '../src/cancel-request.js'
import { LayerSide, tcp, typesOf, udp } from './support/layer-side.js'
import { requestOf, responseTo } from './support/messages.js'
import type { RequestChanges } from './support/messages.js'

/** Through octets, as the network does it. */
function wire<Message extends SipMessage>(message: Message): Message {
  const parsed = parseMessage(serializeMessage(message))
  if (!parsed.ok) throw parsed.error
  return parsed.value as Message
}

describe('RFC 3261 §17.1.3 responses find their client transaction', () => {
  it('by branch and CSeq method', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE', { branch: 'z9hG4bKone' })
    const options = requestOf('OPTIONS', { branch: 'z9hG4bKtwo' })
    side.open('call', invite)
    side.open('ping', options)
    expect(side.incoming(wire(responseTo(options, 200)))).toMatchObject([{ type: 'response', key: 'ping' }])
    expect(side.incoming(wire(responseTo(invite, 180)))).toMatchObject([{ type: 'response', key: 'call' }])
    expect(side.layer.stateOf('call')).toBe('proceeding')
    expect(side.layer.stateOf('ping')).toBe('completed')
  })

  it('and tell a CANCEL from the INVITE whose branch it shares', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE', { headers: [['Route', '<sip:p1.example.com;lr>'], ['Route', '<sip:p2.example.com;lr>'], ['Require', '100rel']] })
    side.open('call', invite)
    side.incoming(responseTo(invite, 180))
    const cancel = createCancel(invite, [['Reason', 'SIP;cause=200']])
    expect(side.open('cancel', cancel)).toMatchObject([{ type: 'send', message: { method: 'CANCEL' }, key: 'cancel' }])
    expect(side.incoming(wire(responseTo(cancel, 200)))).toMatchObject([{ type: 'response', key: 'cancel' }])
    expect(typesOf(side.incoming(wire(responseTo(invite, 487))))).toEqual(['send', 'response'])
    const text = new TextDecoder().decode(serializeMessage(cancel))
    expect(text).toContain(`Via: ${invite.via.toString()}\r\n`)
    expect(text).toContain('CSeq: 986759 CANCEL\r\n')
    expect(text).toContain('Reason: SIP;cause=200\r\n')
    expect(wire(cancel).route.map(String)).toEqual(['<sip:p1.example.com;lr>', '<sip:p2.example.com;lr>'])
    expect(text).not.toContain('Require')
  })

  it('or are strays, which change nothing', () => {
    const side = new LayerSide()
    const request = requestOf('OPTIONS')
    side.open('ping', request)
    for (const stray of [responseTo(requestOf('OPTIONS', { branch: 'z9hG4bKother' }), 200), responseTo(requestOf('INFO'), 200), responseTo(requestOf('OPTIONS', { branch: undefined }), 200)]) {
      expect(side.incoming(wire(stray), udp)).toEqual([{ type: 'stray-response', response: expect.anything() as unknown, flow: udp }])
    }
    expect(side.layer.stateOf('ping')).toBe('trying')
  })

  it('whatever names a peer puts into a branch', () => {
    const side = new LayerSide()
    for (const branch of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(typesOf(side.incoming(wire(responseTo(requestOf('OPTIONS', { branch }), 200))))).toEqual(['stray-response'])
      const key = side.accept(wire(requestOf('OPTIONS', { branch: `z9hG4bK${branch}` })))
      const old = side.accept(wire(requestOf('OPTIONS', { branch, callId: branch, fromTag: branch })))
      expect(side.layer.stateOf(key)).toBe('trying')
      expect(side.layer.stateOf(old)).toBe('trying')
      expect(side.layer.stateOf(branch)).toBeUndefined()
      expect(side.respond(branch, responseTo(requestOf('OPTIONS'), 200))).toEqual([])
    }
    expect(side.layer.size).toBe(10)
  })
})

describe('RFC 3261 §17.2.3 requests find their server transaction', () => {
  it('by branch, sent-by and method', () => {
    const side = new LayerSide()
    const request = requestOf('OPTIONS')
    const key = side.accept(wire(request))
    expect(side.incoming(wire(request))).toEqual([])
    const others: RequestChanges[] = [{ branch: 'z9hG4bK-default-BRANCH' }, { sentBy: 'other.example.com' }, { sentBy: 'pc33.atlanta.example.com:5061' }]
    const keys = new Set([key, ...others.map((change) => side.accept(wire(requestOf('OPTIONS', change)))), side.accept(wire(requestOf('INFO')))])
    expect(keys.size).toBe(5)
    expect(side.incoming(wire(requestOf('OPTIONS', { sentBy: 'PC33.atlanta.example.com' })))).toEqual([])
  })

  it.each([
    ['plain', {}],
    ['with a body', { contentType: 'application/sdp', body: 'v=0\r\n' }],
    ['with what is not ASCII', { reasonPhrase: 'Grüße', body: new Uint8Array([0, 200, 13, 10]) }],
    ['large, with many fields', { headers: Array.from({ length: 1000 }, (_, index) => ['X-Many', 'x'.repeat(100 + index)] as const) }],
  ])('and retransmissions get the response again, octet for octet: %s', (_title, content) => {
    const side = new LayerSide()
    const request = requestOf('OPTIONS')
    const response = createResponse(request, { statusCode: 200, toTag: 'x', ...content })
    const key = side.accept(request)
    expect(side.respond(key, response)).toEqual([{ type: 'send', message: response, flow: udp, retransmission: false, key }])
    for (let round = 0; round < 2; round++) {
      const [again] = side.incoming(requestOf('OPTIONS'))
      expect(again).toMatchObject({ type: 'send', flow: udp, retransmission: true, key })
      if (again?.type === 'send') expect(serializeMessage(again.message)).toEqual(serializeMessage(response))
    }
  })

  it('and the ACK to a non-2xx response finds the INVITE', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE')
    const key = side.accept(invite)
    side.respond(key, responseTo(invite, 486))
    expect(side.incoming(wire(requestOf('ACK', { toTag: '99sa0xk' })))).toEqual([])
    expect(side.layer.stateOf(key)).toBe('confirmed')
  })

  it('but the ACK to a 2xx goes to the dialog, with a branch of its own or not (RFC 6026 §7.1)', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE')
    const key = side.accept(invite)
    side.respond(key, responseTo(invite, 200))
    for (const branch of ['z9hG4bKfresh', 'z9hG4bK-default-branch']) {
      expect(side.incoming(requestOf('ACK', { branch, toTag: '99sa0xk' }))).toMatchObject([{ type: 'ack', flow: udp }])
    }
    expect(side.incoming(invite)).toEqual([])
    expect(side.layer.stateOf(key)).toBe('accepted')
  })
})

describe('RFC 3261 §17.2.3 requests of RFC 2543 clients', () => {
  const old = { branch: undefined }

  it.each(['INVITE', 'OPTIONS'])('%s: Request-URI, tags, Call-ID, CSeq and top Via tell transactions apart', (method) => {
    const side = new LayerSide()
    side.accept(wire(requestOf(method, old)))
    const retransmission = wire(requestOf(method, old))
    expect(side.incoming(retransmission)).toEqual([])
    const changes: RequestChanges[] = [
      { uri: 'sip:carol@biloxi.example.com' }, { toTag: 'x' }, { fromTag: 'x' }, { callId: 'x' }, { sequence: 1 }, { sentBy: 'x.example.com' },
      { branch: 'not-the-cookie' },
    ]
    for (const change of changes) side.accept(wire(requestOf(method, { ...old, ...change })))
    expect(side.layer.size).toBe(1 + changes.length)
  })

  it('the ACK must bear the To tag of our response', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE', old)
    const key = side.accept(wire(invite))
    side.respond(key, responseTo(invite, 486, 'ours'))
    expect(side.incoming(wire(requestOf('ACK', { ...old, toTag: 'theirs' })))).toMatchObject([{ type: 'ack' }])
    expect(side.layer.stateOf(key)).toBe('completed')
    expect(side.incoming(wire(requestOf('ACK', { ...old, toTag: 'ours' })))).toEqual([])
    expect(side.layer.stateOf(key)).toBe('confirmed')
  })

  it('the ACK to a 2xx is passed to the dialog, not swallowed (RFC 6026 §6)', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE', old)
    const key = side.accept(wire(invite))
    side.respond(key, responseTo(invite, 200, 'ours'))
    expect(side.incoming(wire(requestOf('ACK', { ...old, toTag: 'ours' })))).toMatchObject([{ type: 'ack' }])
  })

  it('a CANCEL finds its INVITE', () => {
    const side = new LayerSide()
    const key = side.accept(wire(requestOf('INVITE', old)))
    expect(side.incoming(wire(requestOf('CANCEL', old)))).toMatchObject([{ type: 'cancel', inviteKey: key }])
  })

  it('leave nothing behind', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE', old)
    const key = side.accept(wire(invite))
    side.respond(key, responseTo(invite, 486, 'ours'))
    side.pass(100_000)
    expect(side.layer.size).toBe(0)
    expect(side.incoming(wire(requestOf('ACK', { ...old, toTag: 'ours' })))).toMatchObject([{ type: 'ack' }])
  })
})

describe('RFC 3261 §9.2 CANCEL', () => {
  it('names the INVITE it means, and is answered in a transaction of its own', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE')
    const inviteKey = side.accept(wire(invite))
    const cancel = wire(createCancel(invite))
    const [effect] = side.incoming(cancel)
    expect(effect).toMatchObject({ type: 'cancel', inviteKey, request: cancel, flow: udp })
    const { key } = effect as { key: string }
    expect(key).not.toBe(inviteKey)
    expect(side.respond(key, responseTo(cancel, 200))).toMatchObject([{ type: 'send', message: { statusCode: 200 } }])
    expect(side.respond(inviteKey, responseTo(invite, 487))).toMatchObject([{ type: 'send', message: { statusCode: 487 } }])
    expect(side.incoming(cancel)).toMatchObject([{ type: 'send', retransmission: true, message: { statusCode: 200 } }])
  })

  it('still names an INVITE that has its final response', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE')
    const inviteKey = side.accept(invite)
    side.respond(inviteKey, responseTo(invite, 200))
    expect(side.incoming(createCancel(invite))).toMatchObject([{ type: 'cancel', inviteKey }])
  })

  it('names none when branch or sent-by differ, or the request was no INVITE', () => {
    const side = new LayerSide()
    side.accept(requestOf('INVITE'))
    side.accept(requestOf('OPTIONS', { branch: 'z9hG4bKoptions' }))
    for (const change of [{ branch: 'z9hG4bKother' }, { sentBy: 'evil.example.com' }, { branch: 'z9hG4bKoptions' }]) {
      expect(side.incoming(requestOf('CANCEL', change))).toMatchObject([{ type: 'cancel', inviteKey: undefined }])
    }
  })

  it('is answered by 200 where any transaction matches, and by 481 where none does or it was given up', () => {
    const side = new LayerSide()
    const statusOf = (branch: string, change = {}): number => {
      const [effect] = side.incoming(requestOf('CANCEL', { branch, ...change }))
      if (effect?.type !== 'cancel') throw new TypeError('no CANCEL')
      return effect.statusCode
    }
    for (const method of ['INVITE', 'OPTIONS', 'BYE', 'REGISTER', 'MESSAGE', 'UPDATE']) {
      side.accept(requestOf(method, { branch: `z9hG4bK${method}` }))
      expect(statusOf(`z9hG4bK${method}`)).toBe(200)
    }
    expect(statusOf('z9hG4bKnone')).toBe(481)
    expect(statusOf('z9hG4bKOPTIONS', { sentBy: 'evil.example.com' })).toBe(481)
    side.step({ type: 'abandon', key: side.accept(requestOf('OPTIONS', { branch: 'z9hG4bKgone' })) })
    expect(statusOf('z9hG4bKgone')).toBe(481)
  })
})

describe('RFC 3261 §8.2.2.2 merged requests', () => {
  const request = requestOf('INVITE', { branch: 'z9hG4bKone' })
  const copy = requestOf('INVITE', { branch: 'z9hG4bKtwo', uri: 'sip:bob@10.0.0.1' })
  const mergedOf = (side: LayerSide, one: typeof request): boolean | undefined => {
    const [effect] = side.incoming(wire(one))
    return effect?.type === 'request' ? effect.merged : undefined
  }

  it('are told to a user agent: same From tag, Call-ID and CSeq, another branch', () => {
    const side = new LayerSide({ findMerged: true })
    expect(mergedOf(side, request)).toBe(false)
    expect(mergedOf(side, copy)).toBe(true)
    expect(mergedOf(side, requestOf('INVITE', { branch: 'z9hG4bKthree' }))).toBe(true)
    expect(mergedOf(side, copy)).toBeUndefined()
  })

  it('are no requests within a dialog, and no others', () => {
    const side = new LayerSide({ findMerged: true })
    const changes: RequestChanges[] = [{}, { toTag: 'x' }, { toTag: 'x' }, { fromTag: 'x' }, { callId: 'x' }, { sequence: 1 }]
    for (const [index, change] of changes.entries()) expect(mergedOf(side, requestOf('OPTIONS', { ...change, branch: `z9hG4bK${String(index)}` }))).toBe(false)
    expect(mergedOf(side, requestOf('INFO', { branch: 'z9hG4bKinfo' }))).toBe(false)
  })

  it('are merged for as long as the transaction of the first one lives, and no longer', () => {
    const side = new LayerSide({ findMerged: true })
    const key = side.accept(wire(request))
    side.respond(side.accept(wire(copy)), responseTo(copy, 482))
    side.respond(key, responseTo(request, 200))
    side.pass(31_999)
    expect(mergedOf(side, requestOf('INVITE', { branch: 'z9hG4bKlate' }))).toBe(true)
    side.pass(1)
    expect(mergedOf(side, requestOf('INVITE', { branch: 'z9hG4bKlater' }))).toBe(false)
  })

  it('are not looked for unless told: a proxy forwards them', () => {
    const side = new LayerSide()
    expect([mergedOf(side, request), mergedOf(side, copy)]).toEqual([false, false])
  })
})

describe('RFC 3261 §17.1.1.3 ACK to a non-2xx response', () => {
  it('is made of the INVITE, with the To of the response', () => {
    const side = new LayerSide()
    const invite = requestOf('INVITE', { headers: [
      ['Route', '<sip:p1.example.com;lr>, <sip:p2.example.com;lr>'], ['Contact', '<sip:alice@pc33.atlanta.example.com>'],
      ['Proxy-Authorization', 'Digest username="alice", realm="a", nonce="n", uri="sip:b", response="r"'],
    ] })
    side.open('call', invite, tcp)
    const [ack, told, ended] = side.incoming(wire(createResponse(invite, { statusCode: 404, toTag: 'abc' })), tcp)
    expect(told).toMatchObject({ type: 'response', key: 'call' })
    expect(ended).toEqual({ type: 'ended', key: 'call' })
    if (ack?.type !== 'send') throw new TypeError('no ACK')
    expect(ack.flow).toBe(tcp)
    expect(new TextDecoder().decode(serializeMessage(ack.message)).split('\r\n')).toEqual([
      'ACK sip:bob@biloxi.example.com SIP/2.0',
      'Via: SIP/2.0/UDP pc33.atlanta.example.com;branch=z9hG4bK-default-branch',
      'Max-Forwards: 70',
      'From: Alice <sip:alice@atlanta.example.com>;tag=88sja8x',
      'To: Bob <sip:bob@biloxi.example.com>;tag=abc',
      'Call-ID: 987asjd97y7atg',
      'CSeq: 986759 ACK',
      'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
      'Proxy-Authorization: Digest username="alice", realm="a", nonce="n", uri="sip:b", response="r"',
      'Content-Length: 0', '', '',
    ])
  })
})

describe('branches', () => {
  it('have the cookie, 64 random bits or more, and never repeat', () => {
    const { layer } = new LayerSide({ random: hostRandom })
    const branches = new Set<string>()
    for (let count = 0; count < 30_000; count++) branches.add(layer.createBranch())
    expect(branches.size).toBe(30_000)
    const columns = new Map<number, Set<string>>()
    for (const branch of branches) {
      expect(branch.startsWith('z9hG4bK') && isToken(branch)).toBe(true)
      for (let index = 7; index < branch.length; index++) {
        const seen = columns.get(index) ?? new Set()
        columns.set(index, seen.add(branch.charAt(index)))
      }
    }
    const bits = [...columns.values()].reduce((sum, seen) => sum + Math.log2(seen.size), 0)
    expect(bits).toBeGreaterThanOrEqual(64)
  })
})

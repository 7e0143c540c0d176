import { createRequest, createResponse } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { Ladder } from '@offhook/sip-trace'
import type { LadderRecord } from '@offhook/sip-trace'
import { describe, expect, it } from 'vitest'

const alice = { host: '192.0.2.1', port: 5060 }
const proxy = { host: '192.0.2.5', port: 5060 }
const bob = { host: '2001:db8::7', port: 5062 }

function request(method: string, options: { callId?: string; branch?: string; sequence?: number; body?: string } = {}): SipRequest {
  const { callId = 'call-1', branch = 'z9hG4bK1', sequence = 1, body } = options
  return createRequest({
    method,
    requestUri: 'sip:bob@example.com',
    headers: [
      ['Via', `SIP/2.0/UDP 192.0.2.1;branch=${branch}`],
      ['From', '<sip:alice@example.com>;tag=a'],
      ['To', '<sip:bob@example.com>'],
      ['Call-ID', callId],
      ['CSeq', `${sequence} ${method}`],
      ['Max-Forwards', 70],
    ],
    ...(body === undefined ? {} : { body, contentType: 'application/sdp' }),
  })
}

function record(at: number, direction: 'sent' | 'received', message: LadderRecord['message'], remote = proxy, local = alice): LadderRecord {
  return { at, direction, transport: 'UDP', local, remote, message }
}

describe('Ladder', () => {
  it('groups messages by Call-ID, with times since the first of each call', () => {
    const ladder = new Ladder()
    const invite = request('INVITE', { body: 'v=0\r\n' })
    ladder.add(record(1000, 'sent', invite))
    ladder.add(record(1010, 'sent', request('OPTIONS', { callId: 'other' })))
    ladder.add(record(1250, 'received', createResponse(invite, { statusCode: 180, toTag: 'b' })))
    expect(ladder.callIds).toEqual(['call-1', 'other'])
    expect(ladder.toRows('call-1')).toMatchObject([
      { elapsed: 0, delta: 0, from: '192.0.2.1:5060', to: '192.0.2.5:5060', label: 'INVITE', body: 'application/sdp', method: 'INVITE', retransmission: 0 },
      { elapsed: 250, delta: 250, from: '192.0.2.5:5060', to: '192.0.2.1:5060', label: '180 Ringing (INVITE)', statusCode: 180, method: 'INVITE' },
    ])
    expect(ladder.toRows().map((row) => row.callId)).toEqual(['call-1', 'other', 'call-1'])
    expect(ladder.toRows('none')).toEqual([])
  })

  it('marks retransmissions of requests and of responses, and not a new transaction', () => {
    const ladder = new Ladder()
    const invite = request('INVITE')
    const ok = createResponse(invite, { statusCode: 200, toTag: 'b' })
    const rows = [
      record(0, 'sent', invite), record(500, 'sent', invite.clone()), record(1500, 'sent', invite),
      record(1600, 'received', ok), record(2100, 'received', ok.clone()),
      record(2200, 'sent', request('INVITE', { branch: 'z9hG4bK2', sequence: 2 })),
    ].map((each) => ladder.add(each)?.retransmission)
    expect(rows).toEqual([0, 1, 2, 0, 1, 0])
  })

  it('draws one arrow for a message that both ends recorded, and two where one copy was lost', () => {
    const ladder = new Ladder()
    const invite = request('INVITE')
    ladder.add(record(0, 'sent', invite)) // lost on the way
    ladder.add(record(500, 'sent', invite))
    expect(ladder.add(record(510, 'received', invite, alice, proxy))).toBeUndefined()
    ladder.add(record(520, 'sent', request('INVITE', { branch: 'z9hG4bKp' }), bob, proxy))
    expect(ladder.toRows().map(({ from, to }) => `${from} > ${to}`)).toEqual([
      '192.0.2.1:5060 > 192.0.2.5:5060', '192.0.2.1:5060 > 192.0.2.5:5060', '192.0.2.5:5060 > [2001:db8::7]:5062',
    ])
  })

  it('tells forked answers apart by their To tags', () => {
    const ladder = new Ladder()
    const invite = request('INVITE')
    for (const toTag of ['b', 'c', 'b']) ladder.add(record(0, 'received', createResponse(invite, { statusCode: 180, toTag })))
    expect(ladder.toRows().map((row) => row.retransmission)).toEqual([0, 0, 1])
  })

  it('keeps at most `limit` rows, the oldest go first', () => {
    const ladder = new Ladder({ limit: 3 })
    for (let index = 0; index < 5; index++) ladder.add(record(index, 'sent', request('OPTIONS', { callId: `c${index}` })))
    expect(ladder.size).toBe(3)
    expect(ladder.callIds).toEqual(['c2', 'c3', 'c4'])
    ladder.clear()
    expect(ladder.toRows()).toEqual([])
  })
})

describe('Ladder text', () => {
  const named = (): Ladder => {
    const names = new Map([[alice.host, 'alice'], [proxy.host, 'proxy'], [bob.host, 'bob']])
    return new Ladder({ name: ({ host }) => names.get(host) })
  }

  it('draws arrows between named lifelines', () => {
    const ladder = named()
    const invite = request('INVITE', { body: 'v=0\r\n' })
    ladder.add(record(0, 'sent', invite))
    ladder.add(record(500, 'sent', invite))
    ladder.add(record(12_345, 'received', createResponse(invite, { statusCode: 200, toTag: 'b' })))
    expect(ladder.toText({ width: 71 }).split('\n')).toEqual([
      'Call-ID call-1',
      '                        alice                         proxy',
      '   +0.000                 │─────── INVITE [sdp] ───────▶│',
      '   +0.500                 │────── INVITE [sdp] ⟳1 ─────▶│',
      '  +12.345                 │◀───── 200 OK (INVITE) ──────│',
      '',
    ])
  })

  it('keeps to the width and shortens what does not fit', () => {
    const ladder = named()
    const invite = request('INVITE')
    ladder.add(record(0, 'sent', invite))
    ladder.add(record(1, 'sent', invite, bob, proxy))
    ladder.add(record(2, 'received', createResponse(invite, { statusCode: 480, reasonPhrase: 'A very long reason indeed', toTag: 'b' })))
    const text = ladder.toText({ width: 60 })
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
    expect(text).toContain('◀─ 480 A ver…──│')
  })

  it('draws one call when asked for one', () => {
    const ladder = named()
    ladder.add(record(0, 'sent', request('INVITE')))
    ladder.add(record(0, 'sent', request('OPTIONS', { callId: 'other' })))
    expect(ladder.toText({ callId: 'other' })).not.toContain('INVITE')
    expect(ladder.toText({ callId: 'nobody' })).toBe('')
  })
})

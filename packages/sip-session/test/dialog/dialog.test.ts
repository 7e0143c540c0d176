import { createRequest, createResponse } from '@offhook/sip-parser'
import type { HeaderValue, SipRequest, SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { Dialog, routeRequest } from '../../src/index.js'

type Headers = readonly (readonly [string, HeaderValue])[]

function invite(headers: Headers = [], requestUri = 'sip:bob@example.com'): SipRequest {
  return createRequest({
    method: 'INVITE', requestUri,
    headers: [
      ['Via', 'SIP/2.0/UDP a.example.com;branch=z9hG4bK1'], ['From', '"Alice" <sip:alice@example.com>;tag=a'], ['To', '<sip:bob@example.com>'],
      ['Call-ID', 'call'], ['CSeq', '7 INVITE'], ['Contact', '<sip:alice@a.example.com>'], ...headers,
    ],
  })
}

const answer = (request: SipRequest, statusCode: number, headers: Headers = []): SipResponse => createResponse(request, { statusCode, toTag: 'b', headers })
const text = (request: SipRequest): string => `${request.method} ${String(request.requestUri)} ${request.route.map(String).join()}`

describe('RFC 3261 §12.1 creation', () => {
  it('as UAC: Record-Route backwards, target from Contact, numbers from the response', () => {
    const request = invite()
    const dialog = Dialog.ofResponse(Dialog.originOf(request), answer(request, 180, [['Contact', '<sip:bob@b.example.com>'], ['Record-Route', '<sip:p2;lr>, <sip:p1;lr>']]))
    expect(dialog).toMatchObject({ state: 'early', role: 'uac', callId: 'call', localTag: 'a', remoteTag: 'b', localSequence: 7, secure: false })
    expect(dialog.routeSet).toEqual(['<sip:p1;lr>', '<sip:p2;lr>'])
    expect(String(dialog.remoteTarget)).toBe('sip:bob@b.example.com')
    const bye = dialog.createRequest('BYE')
    expect(text(bye)).toBe('BYE sip:bob@b.example.com <sip:p1;lr>,<sip:p2;lr>')
    expect(bye.headers.get('From')).toBe('"Alice" <sip:alice@example.com>;tag=a')
    expect(bye.headers.get('To')).toBe('<sip:bob@example.com>;tag=b')
    expect(String(bye.cseq)).toBe('8 BYE')
    expect(bye.maxForwards).toBe(70)
    expect(String(dialog.createAck(7).cseq)).toBe('7 ACK')
    expect(dialog.nextHop).toBe('sip:p1;lr')
  })

  it('as UAS: Record-Route as it stands, our tag on To, an empty sequence of our own', () => {
    const dialog = Dialog.ofRequest(invite([['Record-Route', '<sip:p1;lr>'], ['Record-Route', '<sip:p2;lr>']]), 'b')
    expect(dialog).toMatchObject({ state: 'early', role: 'uas', localTag: 'b', remoteTag: 'a', localSequence: 0 })
    expect(dialog.routeSet).toEqual(['<sip:p1;lr>', '<sip:p2;lr>'])
    const bye = dialog.createRequest('BYE')
    expect(bye.headers.get('From')).toBe('<sip:bob@example.com>;tag=b')
    expect(bye.headers.get('To')).toBe('"Alice" <sip:alice@example.com>;tag=a')
    expect(String(bye.requestUri)).toBe('sip:alice@a.example.com')
    expect(String(bye.cseq)).toBe('1 BYE')
    expect(dialog.remoteAddress.displayName).toBe('Alice')
  })

  it('survives what cannot be read: the peer’s own address stands in for a broken Contact, and broken routes count as none', () => {
    const request = invite()
    const dialog = Dialog.ofResponse(Dialog.originOf(request), answer(request, 180, [['Contact', '<<>'], ['Record-Route', '<sip:']]))
    expect(String(dialog.remoteTarget)).toBe('sip:bob@example.com')
    expect(dialog.routeSet).toEqual([])
  })

  it('is secure when the request was for a SIPS URI', () => {
    const request = invite([], 'sips:bob@example.com')
    expect(Dialog.ofResponse(Dialog.originOf(request), answer(request, 200)).secure).toBe(true)
  })
})

describe('RFC 3261 §12.2 requests', () => {
  it('the 2xx sets target and route set anew, later messages only the target', () => {
    const request = invite()
    const dialog = Dialog.ofResponse(Dialog.originOf(request), answer(request, 180, [['Contact', '<sip:early@b>'], ['Record-Route', '<sip:p1;lr>']]))
    dialog.confirm(answer(request, 200, [['Contact', '<sip:late@b>'], ['Record-Route', '<sip:p9;lr>']]))
    expect(dialog.state).toBe('confirmed')
    expect(text(dialog.createRequest('INFO'))).toBe('INFO sip:late@b <sip:p9;lr>')
    dialog.refresh(answer(request, 200, [['Contact', '<sip:moved@b>'], ['Record-Route', '<sip:p7;lr>']]))
    expect(text(dialog.createRequest('INFO'))).toBe('INFO sip:moved@b <sip:p9;lr>')
    dialog.refresh(answer(request, 200))
    expect(String(dialog.remoteTarget)).toBe('sip:moved@b')
    dialog.terminate()
    dialog.confirm()
    expect(dialog.state).toBe('terminated')
  })

  it('takes requests in order only, the first of any number', () => {
    const request = invite()
    const dialog = Dialog.ofResponse(Dialog.originOf(request), answer(request, 200))
    expect([5, 5, 4, 6, 2 ** 31 - 1, 6].map((sequence) => dialog.accepts(withSequence(request, sequence)))).toEqual([true, false, false, true, true, false])
  })

  it('counts every number that is taken, up to 2^31', () => {
    const request = invite()
    const dialog = Dialog.ofResponse(Dialog.originOf(request), answer(request, 200))
    expect(dialog.nextSequence()).toBe(8)
    expect(String(dialog.createRequest('INFO').cseq)).toBe('9 INFO')
    const old = Dialog.restore({ ...dialog.snapshot(), localSequence: 2 ** 31 - 1 })
    expect(old.nextSequence()).toBe(0)
  })
})

function withSequence(request: SipRequest, sequence: number): SipRequest {
  const copy = request.clone()
  copy.headers.set('CSeq', `${sequence} INFO`)
  return copy
}

describe('RFC 3261 §12.2.1.1 routes', () => {
  const target = 'sip:bob@b'
  it.each([
    ['no route', [], { requestUri: target, routes: [], nextHop: target }],
    ['loose', ['<sip:p1;lr>', '<sip:p2;lr>'], { requestUri: target, routes: ['<sip:p1;lr>', '<sip:p2;lr>'], nextHop: 'sip:p1;lr' }],
    ['loose with lr=on', ['<sip:p1;lr=on>'], { requestUri: target, routes: ['<sip:p1;lr=on>'], nextHop: 'sip:p1;lr=on' }],
    ['strict', ['<sip:p1>', '<sip:p2;lr>'], { requestUri: 'sip:p1', routes: ['<sip:p2;lr>', `<${target}>`], nextHop: 'sip:p1' }],
    ['strict, without what may not stand in a Request-URI', ['<sip:p1;method=INVITE;x=1?Subject=y>'], { requestUri: 'sip:p1;x=1', routes: [`<${target}>`], nextHop: 'sip:p1;x=1' }],
    ['strict though its name says lr', ['<sip:lr.example.com;lrx>'], { requestUri: 'sip:lr.example.com;lrx', routes: [`<${target}>`], nextHop: 'sip:lr.example.com;lrx' }],
  ] as const)('%s', (_name, routeSet, expected) => {
    expect(routeRequest(target, routeSet)).toEqual(expected)
  })
})

describe('snapshot', () => {
  it('goes through JSON and comes back; another version is refused', () => {
    const request = invite()
    const dialog = Dialog.ofResponse(Dialog.originOf(request), answer(request, 200, [['Contact', '<sip:bob@b>'], ['Record-Route', '<sip:p1;lr>']]))
    const snapshot = JSON.parse(JSON.stringify(dialog.snapshot())) as ReturnType<Dialog['snapshot']>
    const restored = Dialog.restore(snapshot)
    expect(restored.snapshot()).toEqual(dialog.snapshot())
    expect(text(restored.createRequest('BYE'))).toBe(text(dialog.createRequest('BYE')))
    expect(() => Dialog.restore({ ...snapshot, version: 2 as 1 })).toThrow(expect.objectContaining({ code: 'bad-snapshot' }))
    expect(() => Dialog.restore({ ...snapshot, remoteTarget: 'nonsense' }).remoteTarget).toThrow(expect.objectContaining({ code: 'bad-snapshot' }))
  })
})

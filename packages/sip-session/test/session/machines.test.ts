// Every machine, every input in every state.
import { seededRandom } from '@offhook/sip-machine/testing'
import { createRequest, createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { Binding, Dialog, InviteClient, InviteUsage, OfferAnswer } from '../../src/index.js'
import type { BindingEffect, BindingInput, InviteClientEffect, InviteClientInput, UsageEffect, UsageInput, UsageSettings } from '../../src/index.js'
import { BINDING } from '../../src/registration/registration.js'
import type { BindingState } from '../../src/registration/registration.js'
import { CANCELLATION, Cancellation } from '../../src/session/cancellation.js'
import type { CancellationEffect, CancellationInput, CancellationState } from '../../src/session/cancellation.js'
import { INVITE_CLIENT } from '../../src/session/invite-client.js'
import { ReliableResponses } from '../../src/session/reliable-responses.js'
import { SessionTimer } from '../../src/session/session-timer.js'
import { USAGE } from '../../src/session/session-life.js'
import { OFFER_ANSWER } from '../../src/session/offer-answer.js'
import type { OfferAnswerInput } from '../../src/session/offer-answer.js'
import type { SignalingState } from '../../src/index.js'

const random = seededRandom(1)
const settings = { timers: { t1: 500, t2: 4000 }, random }
const sdp = (name: string): { contentType: string; body: string } => ({ contentType: 'application/sdp', body: `v=0\r\ns=${name}\r\n` })

function message(method: string, sequence: number, more: { readonly body?: string; readonly to?: string; readonly from?: string; readonly headers?: readonly (readonly [string, string])[] } = {}): SipRequest {
  const { body, to = '<sip:b@x>', from = '<sip:a@x>;tag=a', headers = [] } = more
  return createRequest({
    method, requestUri: 'sip:b@x', ...(body !== undefined && { body, contentType: 'application/sdp' }),
    headers: [['Via', 'SIP/2.0/UDP x;branch=z9hG4bK1'], ['From', from], ['To', to], ['Call-ID', 'c'], ['CSeq', `${sequence} ${method}`], ['Contact', '<sip:c@x>'], ...headers],
  })
}

const answer = (request: SipRequest, statusCode: number, toTag = 'b', body?: string): SipResponse =>
  createResponse(request, { statusCode, toTag, headers: [['Contact', '<sip:c@x>']], ...(body !== undefined && { body, contentType: 'application/sdp' }) })

describe('RFC 3264 offer and answer', () => {
  const reach: Record<SignalingState, OfferAnswerInput[]> = { Initial: [], HaveLocalOffer: ['local'], HaveRemoteOffer: ['remote'], Stable: ['local', 'remote'], Closed: ['close'] }
  const apply = (machine: OfferAnswer, input: OfferAnswerInput): boolean => {
    switch (input) {
      case 'local': return machine.local(sdp('local'))
      case 'remote': return machine.remote(sdp('remote'))
      case 'rollback': machine.rollback(); return true
      case 'close': machine.close(); return true
    }
  }
  for (const state of Object.keys(OFFER_ANSWER) as SignalingState[]) {
    for (const input of ['local', 'remote', 'rollback', 'close'] as const) {
      it(`${state}: ${input}`, () => {
        const machine = new OfferAnswer()
        for (const step of reach[state]) apply(machine, step)
        expect(machine.state).toBe(state)
        const taken = apply(machine, input)
        const next = OFFER_ANSWER[state][input]
        expect(machine.state).toBe(next === 'back' ? 'Initial' : (next ?? state))
        if (next === undefined && (input === 'local' || input === 'remote')) expect(taken).toBe(false)
        expect(machine.answer !== undefined).toBe(machine.state === 'Stable')
        if (machine.state === 'Closed') expect(machine.offer).toBeUndefined()
      })
    }
  }

  it('a rollback restores the pair that held before', () => {
    const machine = new OfferAnswer()
    machine.local(sdp('1'))
    machine.remote(sdp('2'))
    machine.remote(sdp('3'))
    expect([machine.state, machine.offer?.body, machine.answer]).toEqual(['HaveRemoteOffer', sdp('3').body, undefined])
    machine.rollback()
    expect([machine.state, machine.offer, machine.answer]).toEqual(['Stable', sdp('1'), sdp('2')])
    expect(machine.ownDescription).toEqual(sdp('1'))
  })

  it('a preview holds until the 2xx, which may say otherwise', () => {
    const machine = new OfferAnswer()
    machine.local(sdp('1'))
    machine.remote(sdp('early'), true)
    expect([machine.state, machine.preview]).toEqual(['Stable', true])
    machine.finishPreview(sdp('late'))
    expect([machine.answer, machine.preview]).toEqual([sdp('late'), false])
  })
})

describe('RFC 3261 §9.1 cancellation', () => {
  const reach: Record<CancellationState, CancellationInput[]> = { calling: [], proceeding: ['provisional'], wanted: ['cancel'], cancelled: ['provisional', 'cancel'], finished: ['final'] }
  for (const state of Object.keys(CANCELLATION) as CancellationState[]) {
    for (const input of ['provisional', 'final', 'cancel', 'timeout'] as const) {
      it(`${state}: ${input}`, () => {
        const machine = new Cancellation(32_000)
        const before: CancellationEffect[] = []
        for (const step of reach[state]) machine.receive(0, step, before)
        expect(machine.state).toBe(state)
        const out: CancellationEffect[] = []
        machine.receive(0, input, out)
        const row = CANCELLATION[state][input]
        expect(machine.state).toBe(row?.[0] ?? state)
        expect(out).toEqual(row?.[1] === undefined ? [] : [row[1]])
        expect(machine.deadline).toBe(machine.state === 'cancelled' ? 32_000 : Infinity)
        machine.wake(31_999, out)
        const woken: CancellationEffect[] = []
        machine.wake(32_000, woken)
        expect(woken).toEqual(machine.state === 'finished' && row?.[0] === 'cancelled' ? ['abandon'] : state === 'cancelled' && row === undefined ? ['abandon'] : [])
      })
    }
  }
})

describe('RFC 3261 §13.3.1.4 the 2xx to an INVITE', () => {
  it('repeats at 0.5 1.5 3.5 7.5 11.5 … until 32 s', () => {
    const usage = new InviteUsage(Dialog.ofRequest(message('INVITE', 1), 'us'), { key: 'k', request: message('INVITE', 1) }, settings)
    usage.receive(0, { type: 'answer', key: 'k', statusCode: 200, added: { description: sdp('offer') } }, [])
    const at: number[] = []
    const effects: UsageEffect[] = []
    while (usage.deadline < Infinity) {
      const now = usage.deadline
      const out: UsageEffect[] = []
      usage.wake(now - 1, out)
      expect(out).toEqual([])
      usage.wake(now, out)
      if (out.some(({ type }) => type === 'respond')) at.push(now)
      effects.push(...out)
    }
    expect(at).toEqual([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
    expect(effects.at(-1)).toEqual({ type: 'ack-timeout' })
  })

  it('stops at the ACK', () => {
    const usage = new InviteUsage(Dialog.ofRequest(message('INVITE', 1), 'us'), { key: 'k', request: message('INVITE', 1) }, settings)
    usage.receive(0, { type: 'answer', key: 'k', statusCode: 200, added: {} }, [])
    expect([usage.state, usage.deadline]).toEqual(['AckWait', 500])
    usage.receive(0, { type: 'acknowledged', request: message('ACK', 1) }, [])
    expect([usage.state, usage.deadline]).toEqual(['Confirmed', Infinity])
  })
})

describe('RFC 3261 §13.2.2 the 2xx to an INVITE of ours', () => {
  it('is acknowledged each time that it comes, with its own CSeq and the same answer', () => {
    const invite = message('INVITE', 7)
    const usage = new InviteUsage(Dialog.ofResponse(Dialog.originOf(invite), answer(invite, 180)), { id: 'i' }, settings)
    const out: UsageEffect[] = []
    usage.receive(0, { type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }, out)
    expect(out.filter(({ type }) => type === 'ack')).toEqual([])
    usage.receive(0, { type: 'acknowledge', added: { description: sdp('answer') } }, out)
    usage.receive(0, { type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }, out)
    const acks = out.flatMap((effect) => (effect.type === 'ack' ? [effect.request] : []))
    expect(acks.map((ack) => [ack.cseq.sequence, new TextDecoder().decode(ack.body)])).toEqual([[7, sdp('answer').body], [7, sdp('answer').body]])
  })
})

describe('RFC 3261 §13.2 our first INVITE', () => {
  const invite = message('INVITE', 1, { body: 'v=0' })
  const inputs: Record<string, InviteClientInput> = {
    trying: { type: 'response', response: answer(invite, 100) }, provisional: { type: 'response', response: answer(invite, 180) },
    success: { type: 'response', response: answer(invite, 200, 'b', 'v=0') }, other: { type: 'response', response: answer(invite, 200, 'other', 'v=0') },
    failure: { type: 'response', response: answer(invite, 486) }, failed: { type: 'failed', failure: 'timed-out' }, leave: { type: 'leave' }, finished: { type: 'finished' },
  }
  const reach = { calling: [], proceeding: ['provisional'], leaving: ['provisional', 'leave'], accepted: ['success'], refused: ['failure'] } as const
  for (const state of Object.keys(INVITE_CLIENT) as (keyof typeof INVITE_CLIENT)[]) {
    for (const [name, input] of Object.entries(inputs)) {
      it(`${state}: ${name}`, () => {
        const machine = new InviteClient('i', Dialog.originOf(invite), sdp('offer'), settings)
        const run = (given: InviteClientInput): UsageEffect[] => {
          const out: InviteClientEffect[] = []
          machine.receive(0, given, out)
          const effects: UsageEffect[] = []
          for (const effect of out) if (effect.type === 'deliver') effect.usage.receive(0, effect.input, effects)
          return effects
        }
        for (const step of reach[state]) run(inputs[step]!)
        expect(machine.state).toBe(state)
        const effects = run(input)
        const event = ({ trying: 'provisional', provisional: 'provisional', success: 'success', other: 'success', failure: 'failure', failed: 'failure', leave: 'leave' } as const)[name as 'trying']
        expect(machine.state).toBe(name === 'finished' || (name === 'failed' && state === 'accepted') ? state : (INVITE_CLIENT[state][event] ?? state))
        // A 2xx that is not wanted: ACK, then BYE. One that is: ACK.
        const sent = effects.flatMap((effect) => (effect.type === 'ack' || effect.type === 'request' ? [effect.request.method] : []))
        const wanted = name === 'success' && (state === 'calling' || state === 'proceeding' || state === 'accepted')
        const first = name === 'other' && (state === 'calling' || state === 'proceeding')
        if (name === 'success' || name === 'other') expect(sent).toEqual(wanted || first ? ['ACK'] : ['ACK', 'BYE'])
        else expect(sent).toEqual([])
      })
    }
  }
})

describe('RFC 3261 §10.2 a binding', () => {
  const own = { uri: 'sip:a@x' }
  const register = message('REGISTER', 1)
  const ok: BindingInput = { type: 'response', response: createResponse(register, { statusCode: 200, headers: [['Contact', '<sip:a@x>;expires=60']] }), own }
  const inputs: Record<string, BindingInput> = {
    register: { type: 'register' }, unregister: { type: 'unregister', all: false }, 'unregister all': { type: 'unregister', all: true }, ok,
    forbidden: { type: 'response', response: answer(register, 403), own }, unavailable: { type: 'response', response: answer(register, 503), own },
    trying: { type: 'response', response: answer(register, 100), own }, 'timed out': { type: 'failed', failure: 'timed-out' }, lost: { type: 'lost' },
  }
  const reach: Record<BindingState, string[]> = {
    idle: [], registering: ['register'], registered: ['register', 'ok'], waiting: ['register', 'unavailable'], unregistering: ['register', 'ok', 'unregister'], failed: ['register', 'forbidden'],
  }
  for (const state of Object.keys(BINDING) as BindingState[]) {
    for (const name of Object.keys(inputs)) {
      it(`${state}: ${name}`, () => {
        const machine = new Binding({ registrar: 'sip:x', address: '<sip:a@x>', expires: 60, retries: 1, headers: [], random })
        for (const step of reach[state]) machine.receive(0, inputs[step]!, [])
        expect(machine.state).toBe(state)
        const out: BindingEffect[] = []
        machine.receive(0, inputs[name]!, out)
        expect(Object.keys(BINDING)).toContain(machine.state)
        const sends = out.filter(({ type }) => type === 'send')
        expect(sends.length).toBeLessThanOrEqual(1)
        // At most one request is under way, and there is always a way on: a request, a timer, or rest.
        if (machine.state === 'registering' || machine.state === 'unregistering') expect(machine.deadline).toBe(Infinity)
        if (machine.state === 'registered' || machine.state === 'waiting') expect(machine.deadline).toBeLessThan(Infinity)
        if (machine.state === 'idle' || machine.state === 'failed') expect(machine.deadline).toBe(Infinity)
        // Early wakes are harmless.
        const woken: BindingEffect[] = []
        machine.wake(machine.deadline - 1, woken)
        expect(woken).toEqual([])
      })
    }
  }

  it('what is asked while a request is under way is done after it', () => {
    const machine = new Binding({ registrar: 'sip:x', address: '<sip:a@x>', expires: 60, retries: 0, headers: [], random })
    const out: BindingEffect[] = []
    for (const name of ['register', 'unregister', 'ok']) machine.receive(0, inputs[name]!, out)
    expect(machine.state).toBe('unregistering')
    expect(out.filter(({ type }) => type === 'send')).toHaveLength(2)
    machine.receive(0, inputs['ok']!, out)
    expect(out.at(-1)).toEqual({ type: 'unbound' })
  })
})

describe('the INVITE usage', () => {
  const invite = message('INVITE', 1, { body: 'v=0' })
  const theirs = (method: string, sequence: number, body?: string): SipRequest => message(method, sequence, { to: '<sip:b@x>;tag=us', ...(body !== undefined && { body }) })
  const paths: Record<string, { readonly role: 'uas' | 'uac'; readonly steps: UsageInput[]; readonly state: keyof typeof USAGE }> = {
    'callee, silent': { role: 'uas', steps: [], state: 'Initial' },
    'callee, ringing': { role: 'uas', steps: [{ type: 'answer', key: 'k', statusCode: 180, added: {} }], state: 'Early' },
    'callee, answered': { role: 'uas', steps: [{ type: 'answer', key: 'k', statusCode: 200, added: { description: sdp('answer') } }], state: 'AckWait' },
    'callee, left': { role: 'uas', steps: [{ type: 'answer', key: 'k', statusCode: 200, added: { description: sdp('answer') } }, { type: 'send', id: 'bye', method: 'BYE', added: {} }], state: 'Terminated' },
    'callee, confirmed': { role: 'uas', steps: [{ type: 'answer', key: 'k', statusCode: 200, added: { description: sdp('answer') } }, { type: 'acknowledged', request: message('ACK', 1) }], state: 'Confirmed' },
    'caller, silent': { role: 'uac', steps: [], state: 'Initial' },
    'caller, ringing': { role: 'uac', steps: [{ type: 'response', id: 'i', response: answer(invite, 180) }], state: 'Early' },
    'caller, confirmed': { role: 'uac', steps: [{ type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }], state: 'Confirmed' },
    'their re-INVITE open': { role: 'uac', steps: [{ type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }, { type: 'received', key: 'r', request: theirs('INVITE', 5, 'v=0') }], state: 'Confirmed' },
    'their re-INVITE answered': {
      role: 'uac', state: 'Confirmed',
      steps: [{ type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }, { type: 'received', key: 'r', request: theirs('INVITE', 5, 'v=0') }, { type: 'answer', key: 'r', statusCode: 200, added: { description: sdp('again') } }],
    },
    'our re-INVITE open': { role: 'uac', steps: [{ type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }, { type: 'send', id: 're', method: 'INVITE', added: { description: sdp('hold') } }], state: 'Confirmed' },
    'terminated': { role: 'uac', steps: [{ type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }, { type: 'send', id: 'bye', method: 'BYE', added: {} }], state: 'Terminated' },
  }
  const reinvite = message('INVITE', 9, { body: 'v=0' })
  const inputs: Record<string, UsageInput> = {
    'send BYE': { type: 'send', id: 's1', method: 'BYE', added: {} }, 'send INFO': { type: 'send', id: 's2', method: 'INFO', added: {} },
    'send INVITE': { type: 'send', id: 's3', method: 'INVITE', added: { description: sdp('x') } }, 'send UPDATE': { type: 'send', id: 's4', method: 'UPDATE', added: { description: sdp('x') } },
    'send PRACK': { type: 'send', id: 's5', method: 'PRACK', added: {} },
    'answer 180': { type: 'answer', key: 'k', statusCode: 180, added: {} }, 'answer 200': { type: 'answer', key: 'k', statusCode: 200, added: { description: sdp('y') } },
    'answer 486': { type: 'answer', key: 'k', statusCode: 486, added: {} }, 'answer of nothing': { type: 'answer', key: 'nothing', statusCode: 200, added: {} },
    acknowledge: { type: 'acknowledge', added: { description: sdp('z') } },
    'INVITE': { type: 'received', key: 'n1', request: theirs('INVITE', 20, 'v=0') }, 'INVITE without offer': { type: 'received', key: 'n2', request: theirs('INVITE', 20) },
    'BYE': { type: 'received', key: 'n3', request: theirs('BYE', 20) }, 'UPDATE': { type: 'received', key: 'n4', request: theirs('UPDATE', 20, 'v=0') },
    'UPDATE without offer': { type: 'received', key: 'n5', request: theirs('UPDATE', 20) }, 'INFO': { type: 'received', key: 'n6', request: theirs('INFO', 20) },
    'PRACK': { type: 'received', key: 'n9', request: message('PRACK', 20, { to: '<sip:b@x>;tag=us', headers: [['RAck', '1 1 INVITE']] }) },
    'answer 183': { type: 'answer', key: 'k', statusCode: 183, added: { description: sdp('w') } },
    '422 to re-INVITE': { type: 'response', id: 're', response: answer(message('INVITE', 9), 422) },
    'FOO': { type: 'received', key: 'n7', request: theirs('FOO', 20) }, 'too late': { type: 'received', key: 'n8', request: theirs('INFO', 0) },
    ACK: { type: 'acknowledged', request: message('ACK', 1) }, 'ACK of nothing': { type: 'acknowledged', request: message('ACK', 77) },
    CANCEL: { type: 'cancelled', key: 'k', request: message('CANCEL', 1) }, 'CANCEL of nothing': { type: 'cancelled', key: 'nothing', request: message('CANCEL', 1) },
    '180': { type: 'response', id: 'i', response: answer(invite, 180) }, '200': { type: 'response', id: 'i', response: answer(invite, 200, 'b', 'v=0') }, '486': { type: 'response', id: 'i', response: answer(invite, 486) },
    '200 to re-INVITE': { type: 'response', id: 're', response: answer(reinvite, 200, 'b', 'v=0') }, '491 to re-INVITE': { type: 'response', id: 're', response: answer(reinvite, 491) },
    '481 to re-INVITE': { type: 'response', id: 're', response: answer(reinvite, 481) }, '200 to BYE': { type: 'response', id: 'bye', response: answer(message('BYE', 9), 200) },
    'response to nothing': { type: 'response', id: 'nothing', response: answer(invite, 200) },
    'no answer': { type: 'failed', id: 'i', failure: 'timed-out' }, 'no answer to re-INVITE': { type: 'failed', id: 're', failure: 'timed-out' }, 'no answer to BYE': { type: 'failed', id: 'bye', failure: 'unreachable' },
    finished: { type: 'finished', id: 'i' }, dispose: { type: 'dispose' },
  }
  const extended: UsageSettings = { ...settings, extend: () => [new ReliableResponses(), new SessionTimer({ expires: 1800, minSe: 90, refresher: undefined })] }
  const build = (path: (typeof paths)[string], given: UsageSettings, first: SipRequest): InviteUsage => {
    const usage = path.role === 'uas'
      ? new InviteUsage(Dialog.ofRequest(first, 'us'), { key: 'k', request: first }, given)
      : new InviteUsage(Dialog.ofResponse(Dialog.originOf(first), answer(first, 180)), { id: 'i', offer: sdp('offer') }, given)
    for (const step of path.steps) usage.receive(0, step, [])
    return usage
  }

  const extendedInvite = message('INVITE', 1, { body: 'v=0', headers: [['Supported', '100rel, timer']] })
  const kinds = [['bare', settings, invite], ['with extensions', extended, extendedInvite]] as const
  for (const [where, path, kind, given, start] of Object.entries(paths).flatMap(([name, row]) => kinds.map((all) => [name, row, ...all] as const))) {
    it(`${where}, ${kind}: every input, and any two after another`, () => {
      for (const [firstName, first] of Object.entries(inputs)) {
        for (const [secondName, second] of [['nothing', undefined], ...Object.entries(inputs)] as [string, UsageInput | undefined][]) {
          // The transaction layer tells of a request once.
          if (second?.type === 'received' && second === first) continue
          const usage = build(path, given, start)
          expect(usage.state).toBe(path.state)
          const told = `${where}, ${firstName}, ${secondName}`
          let ends = usage.state === 'Terminated' ? 1 : 0
          const answered = new Map<string, number>()
          for (const input of [first, second]) {
            if (input === undefined) continue
            const before = usage.state
            const out: UsageEffect[] = []
            usage.receive(100, input, out)
            for (const effect of out) {
              if (effect.type === 'ended') ends++
              if (effect.type === 'respond' && effect.response.statusCode >= 200 && effect.response.cseq.method !== 'INVITE') answered.set(effect.key, (answered.get(effect.key) ?? 0) + 1)
            }
            // A request of the peer is answered at once, or handed to the application: never lost.
            if (input.type === 'received') {
              const cared = out.some((effect) => (effect.type === 'respond' || effect.type === 'incoming') && effect.key === input.key)
              expect(cared, told).toBe(true)
            }
            if (before === 'Terminated') expect(usage.state, told).toBe('Terminated')
          }
          expect(ends, told).toBeLessThanOrEqual(1)
          expect(ends, told).toBe(usage.state === 'Terminated' ? 1 : 0)
          for (const [key, times] of answered) expect(times, `${told}: ${key}`).toBe(1)
          expect(usage.negotiation.state === 'Closed', told).toBe(usage.state === 'Terminated')
          expect(usage.dialog.state === 'terminated', told).toBe(usage.state === 'Terminated')
          // Time alone brings it to rest.
          for (let rings = 0; usage.deadline < Infinity; rings++) {
            expect(rings, told).toBeLessThan(60)
            usage.wake(usage.deadline, [])
          }
        }
      }
    })
  }
})

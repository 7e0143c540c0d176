import { seededRandom } from '@offhook/sip-machine/testing'
import { randomInteger } from '@offhook/sip-machine'
import { createRequest, createResponse, SipUri } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { chooseBest } from '../src/proxy/best-response.js'
import type { ForwardTarget } from '../src/proxy/forward-target.js'
import { ResponseContext } from '../src/proxy/response-context.js'
import type { ContextEffect, ContextInput } from '../src/proxy/response-context.js'

function requestOf(method: string): SipRequest {
  return createRequest({ method, requestUri: 'sip:bob@example.com', headers: [['Via', 'SIP/2.0/UDP a;branch=z9hG4bKa'], ['From', '<sip:a@example.com>;tag=1'], ['To', '<sip:bob@example.com>'], ['Call-ID', 'c'], ['CSeq', `1 ${method}`]] })
}

function sentCopy(request: SipRequest, branch: string): SipRequest {
  const copy = request.clone()
  copy.headers.prepend('Via', `SIP/2.0/UDP proxy;branch=z9hG4bK${branch.replace(/\W/g, '')}`)
  return copy
}

const target = (index: number): ForwardTarget => ({ uri: SipUri.of({ user: 'bob', host: `h${index}` }), path: [], flow: undefined, dialable: true, kind: 'user' })

function contextOf(method = 'INVITE'): ResponseContext {
  return new ResponseContext({ key: 'b', request: requestOf(method), createTag: () => 'tag', timerC: 185_000, cancelTimeout: 32_000, realm: undefined })
}

const statusesOf = (effects: readonly ContextEffect[]): number[] => effects.flatMap((effect) => (effect.type === 'respond' ? [effect.response.statusCode] : []))

describe('RFC 3261 §16.7, 6 the best response', () => {
  it.each<[readonly number[], number | undefined]>([
    [[], undefined], [[404], 404], [[404, 486], 404], [[486, 404], 486], [[408, 486], 486], [[600, 603], 600], [[302, 603], 603],
    [[500, 408], 408], [[484, 401], 484], [[503, 500], 500], [[399, 400], 399],
  ])('%j: %s', (statuses, best) => {
    expect(chooseBest(statuses.map((statusCode) => ({ statusCode, response: undefined })))?.statusCode).toBe(best)
  })
})

describe('RFC 3261 §16.7 whatever happens in whatever order, on up to four branches', () => {
  const methods = ['INVITE', 'MESSAGE'] as const

  it.each(methods)('%s: one final response, or many 2xx to an INVITE, never one after the other kind', (method) => {
    for (let seed = 1; seed <= 1500; seed += 1) {
      const random = seededRandom(seed)
      const pick = (limit: number): number => randomInteger(random, 0, limit)
      const context = contextOf(method)
      const count = 1 + pick(4)
      const copies = new Map<string, SipRequest>()
      const log: string[] = []
      let now = 0
      const finals: number[] = []
      let cancels = 0
      const silences: string[] = []
      const perform = (effects: readonly ContextEffect[]): void => {
        for (const effect of effects) {
          log.push(effect.type === 'respond' ? `-> ${effect.response.statusCode}` : `-> ${effect.type}`)
          if (effect.type === 'respond' && effect.response.statusCode >= 200) finals.push(effect.response.statusCode)
          if (effect.type === 'silence') silences.push('silence')
          if (effect.type === 'cancel') {
            cancels += 1
            expect(copies.get(effect.branch), log.join()).toBe(effect.request)
          }
        }
      }
      const tell = (input: ContextInput): void => {
        const effects: ContextEffect[] = []
        log.push(input.type === 'response' ? `${input.branch} ${input.response.statusCode}` : input.type)
        context.receive(now, input, effects)
        perform(effects)
      }
      tell({ type: 'targets', targets: Array.from({ length: count }, (_, index) => target(index)) })
      const statuses = [100, 180, 183, 200, 202, 302, 401, 404, 486, 487, 500, 503, 600, 603]
      for (let step = 0; step < 30; step += 1) {
        const branch = `b.${pick(count)}`
        switch (pick(7)) {
          case 0: {
            if (!context.isOpening(branch)) break
            const copy = sentCopy(context.request, branch)
            copies.set(branch, copy)
            tell({ type: 'sent', branch, request: copy })
            break
          }
          case 1: case 2: {
            const copy = copies.get(branch)
            if (copy !== undefined) tell({ type: 'response', branch, response: createResponse(copy, { statusCode: statuses[pick(statuses.length)]!, toTag: 't' }) })
            break
          }
          case 3: tell({ type: 'failed', branch, reason: (['timeout', 'unreachable', 'flow-gone'] as const)[pick(3)]! }); break
          case 4: if (pick(4) === 0) tell({ type: 'cancel' }); break
          case 5: tell({ type: 'reopen', branch }); break
          default: {
            now += pick(100_000)
            const effects: ContextEffect[] = []
            context.wake(now, effects)
            log.push(`wake ${now}`)
            perform(effects)
          }
        }
      }
      // In the end everything times out.
      for (let branch = 0; branch < count; branch += 1) tell({ type: 'failed', branch: `b.${branch}`, reason: 'timeout' })
      const message = `seed ${seed}: ${log.join(', ')}`
      expect(context.isAnswered, message).toBe(true)
      expect(context.deadline, message).toBe(Infinity)
      const successes = finals.filter((status) => status < 300)
      if (method === 'INVITE') {
        expect(silences, message).toEqual([])
        expect(finals.length, message).toBeGreaterThan(0)
        if (successes.length > 0 && finals[0]! < 300) expect(successes.length, message).toBe(finals.length)
        if (finals[0]! >= 300) expect(finals.filter((status) => status >= 300).length, message).toBe(1)
      } else {
        expect(finals.length + silences.length, message).toBe(1)
        expect(cancels, message).toBe(0)
      }
      expect(cancels, message).toBeLessThanOrEqual(count)
    }
  })
})

describe('RFC 3261 §16.7 details', () => {
  function ring(context: ResponseContext, count: number): SipRequest[] {
    context.receive(0, { type: 'targets', targets: Array.from({ length: count }, (_, index) => target(index)) }, [])
    return Array.from({ length: count }, (_, index) => {
      const copy = sentCopy(context.request, `b.${index}`)
      context.receive(0, { type: 'sent', branch: `b.${index}`, request: copy }, [])
      return copy
    })
  }
  const answer = (context: ResponseContext, branch: number, response: SipResponse): ContextEffect[] => {
    const effects: ContextEffect[] = []
    context.receive(1, { type: 'response', branch: `b.${branch}`, response }, effects)
    return effects
  }

  it('takes its own Via off, keeps the rest and the To tag', () => {
    const context = contextOf()
    const [copy] = ring(context, 1)
    const [effect] = answer(context, 0, createResponse(copy!, { statusCode: 486, toTag: 'bob', headers: [['X-Why', 'a, b']] }))
    if (effect?.type !== 'respond') throw new TypeError('no response')
    expect(effect.response.vias.map(({ branch }) => branch)).toEqual(['z9hG4bKa'])
    expect(effect.response.to.tag).toBe('bob')
    expect(effect.response.headers.get('X-Why')).toBe('a, b')
  })

  it('does not pass on a response that has no Via of the caller left', () => {
    const context = contextOf()
    const [copy] = ring(context, 1)
    const response = createResponse(copy!, { statusCode: 200, toTag: 'bob' })
    while (response.vias.length > 1) {
      const top = String(response.via)
      response.headers.removeFirst('Via')
      response.headers.replaceFirst('Via', top)
    }
    expect(statusesOf(answer(context, 0, response))).toEqual([])
  })

  it('ignores branches it never made', () => {
    const context = contextOf()
    const [copy] = ring(context, 1)
    expect(answer(context, 7, createResponse(copy!, { statusCode: 200, toTag: 'bob' }))).toEqual([])
  })

  it('a 100 moves timer C not at all, a 180 does', () => {
    const context = contextOf()
    const [copy] = ring(context, 1)
    answer(context, 0, createResponse(copy!, { statusCode: 100 }))
    expect(context.deadline).toBe(185_000)
    context.receive(50_000, { type: 'response', branch: 'b.0', response: createResponse(copy!, { statusCode: 180, toTag: 't' }) }, [])
    expect(context.deadline).toBe(235_000)
  })

  it('early calls of wake are harmless', () => {
    const context = contextOf()
    ring(context, 1)
    const effects: ContextEffect[] = []
    context.wake(184_999, effects)
    expect(effects).toEqual([])
    context.wake(185_000, effects)
    expect(effects.map(({ type }) => type)).toEqual(['abandon', 'respond'])
    expect(statusesOf(effects)).toEqual([408])
  })
})

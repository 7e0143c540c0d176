import { seededRandom } from '@offhook/sip-machine/testing'
import { createRequest } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { describe, expect, it } from 'vitest'
import { Dialog, InviteUsage } from '../../src/index.js'
import type { UsageEffect } from '../../src/index.js'
import { RELIABLE, ReliableResponses } from '../../src/session/reliable-responses.js'
import type { ReliableEvent, ReliableState } from '../../src/session/reliable-responses.js'

const SDP = { contentType: 'application/sdp', body: 'v=0\r\n' }

function request(method: string, sequence: number, headers: readonly (readonly [string, string])[] = [], body?: string): SipRequest {
  return createRequest({
    method, requestUri: 'sip:b@x', ...(body !== undefined && { body, contentType: 'application/sdp' }),
    headers: [['Via', 'SIP/2.0/UDP x;branch=z9hG4bK1'], ['From', '<sip:a@x>;tag=a'], ['To', '<sip:b@x>'], ['Call-ID', 'c'], ['CSeq', `${sequence} ${method}`], ['Contact', '<sip:c@x>'], ...headers],
  })
}

/** A usage that rings reliably, and what it says. */
function ringing(body?: string): { readonly usage: InviteUsage; readonly machine: ReliableResponses; readonly said: string[]; readonly drive: Record<ReliableEvent, () => void> } {
  const machine = new ReliableResponses()
  const invite = request('INVITE', 1, [['Supported', 'foo, 100rel']], body)
  const usage = new InviteUsage(Dialog.ofRequest(invite, 'us'), { key: 'k', request: invite }, { timers: { t1: 500, t2: 4000 }, random: seededRandom(3), extend: () => [machine] })
  const said: string[] = []
  let sequence = 1
  let rseq = ''
  const note = (out: readonly UsageEffect[]): void => {
    for (const effect of out) {
      if (effect.type !== 'respond') continue
      said.push(`${effect.response.statusCode}`)
      rseq = effect.response.headers.get('RSeq') ?? rseq
    }
  }
  const run = (feed: (out: UsageEffect[]) => void): void => {
    const out: UsageEffect[] = []
    feed(out)
    note(out)
  }
  return {
    usage, machine, said,
    drive: {
      send: () => run((out) => usage.receive(0, { type: 'answer', key: 'k', statusCode: 180, added: {} }, out)),
      prack: () => run((out) => usage.receive(0, { type: 'received', key: `p${sequence}`, request: request('PRACK', ++sequence, [['RAck', `${rseq} 1 INVITE`]]) }, out)),
      timeout: () => { for (let i = 0; i < 20 && usage.deadline < Infinity && machine.state === 'waiting'; i++) run((out) => usage.wake(usage.deadline, out)) },
      final: () => run((out) => usage.receive(0, { type: 'answer', key: 'k', statusCode: 486, added: {} }, out)),
    },
  }
}

describe('RFC 3262 §3 reliable provisional responses, as a table', () => {
  const reach: Record<ReliableState, ReliableEvent[]> = { idle: ['send', 'prack'], waiting: ['send'], overtaken: ['send', 'final'], over: ['send', 'prack', 'final'] }
  for (const state of Object.keys(RELIABLE) as ReliableState[]) {
    for (const event of ['send', 'prack', 'timeout', 'final'] as const) {
      it(`${state}: ${event}`, () => {
        const { machine, drive, said } = ringing()
        for (const step of reach[state]) drive[step]()
        expect(machine.state).toBe(state)
        said.length = 0
        drive[event]()
        // A session that was refused is over, and nothing is asked of its extensions any more.
        const ended = state === 'overtaken' || state === 'over'
        expect(machine.state).toBe(ended ? state : (RELIABLE[state][event] ?? state))
        const expected = { send: state === 'idle' ? ['180'] : [], prack: ended || state === 'idle' ? ['481'] : ['200'], timeout: state === 'waiting' ? [...Array<string>(6).fill('180'), '504'] : [], final: ended ? [] : ['486'] }
        expect(said).toEqual(expected[event])
      })
    }
  }

  it('repeats after 0.5 1.5 3.5 7.5 15.5 31.5 s, without a cap, and gives up at 32 s', () => {
    const { usage, drive } = ringing()
    drive.send()
    const at: number[] = []
    while (usage.deadline < Infinity) {
      at.push(usage.deadline)
      usage.wake(usage.deadline, [])
    }
    expect(at).toEqual([500, 1500, 3500, 7500, 15_500, 31_500, 32_000])
    expect(usage.state).toBe('Terminated')
  })

  it('numbers them one by one', () => {
    const { usage } = ringing()
    const numbers: number[] = []
    for (let i = 0; i < 3; i++) {
      const out: UsageEffect[] = []
      usage.receive(0, { type: 'answer', key: 'k', statusCode: 183, added: { description: i === 0 ? SDP : undefined } }, out)
      for (const effect of out) if (effect.type === 'respond') numbers.push(Number(effect.response.headers.get('RSeq')))
      const acknowledged = request('PRACK', 2 + i, [['RAck', `${numbers.at(-1)} 1 INVITE`]], i === 0 ? 'v=1\r\n' : undefined)
      usage.receive(0, { type: 'received', key: `p${i}`, request: acknowledged }, [])
    }
    expect(numbers).toEqual([numbers[0], numbers[0]! + 1, numbers[0]! + 2])
  })
})

import { describe, expect, it } from 'vitest'
import { seededRandom } from '@offhook/sip-machine/testing'
import { createRequest, createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { Dialog, InviteUsage } from '../../src/index.js'
import type { UsageEffect } from '../../src/index.js'
import { SESSION_TIMER, SessionTimer } from '../../src/session/session-timer.js'
import type { SessionTimerEvent, SessionTimerState } from '../../src/session/session-timer.js'

function request(method: string, sequence: number, headers: readonly (readonly [string, string])[] = []): SipRequest {
  return createRequest({
    method, requestUri: 'sip:b@x',
    headers: [['Via', 'SIP/2.0/UDP x;branch=z9hG4bK1'], ['From', '<sip:a@x>;tag=a'], ['To', '<sip:b@x>'], ['Call-ID', 'c'], ['CSeq', `${sequence} ${method}`], ['Contact', '<sip:c@x>'], ...headers],
  })
}

/** A call of ours that was answered with this Session-Expires. */
function confirmed(expires?: string, allow = 'INVITE, UPDATE'): { readonly usage: InviteUsage; readonly machine: SessionTimer; readonly update: (granted?: string) => void } {
  const machine = new SessionTimer({ expires: 1800, minSe: 90, refresher: undefined })
  const invite = request('INVITE', 1)
  const grant = (to: SipRequest, granted: string | undefined): SipResponse => createResponse(to, {
    statusCode: 200, toTag: 'b', headers: [['Contact', '<sip:c@x>'], ['Allow', allow], ...(granted === undefined ? [] : [['Session-Expires', granted] as const])],
  })
  const usage = new InviteUsage(Dialog.ofResponse(Dialog.originOf(invite), createResponse(invite, { statusCode: 180, toTag: 'b' })), { id: 'i' }, { timers: { t1: 500, t2: 4000 }, random: seededRandom(1), extend: () => [machine] })
  usage.receive(0, { type: 'response', id: 'i', response: grant(invite, expires) }, [])
  let count = 0
  const update = (granted?: string): void => {
    const id = `u${++count}`
    const out: UsageEffect[] = []
    usage.receive(0, { type: 'send', id, method: 'UPDATE', added: {} }, out)
    for (const effect of out) if (effect.type === 'request') usage.receive(0, { type: 'response', id, response: grant(effect.request, granted) }, [])
  }
  return { usage, machine, update }
}

describe('RFC 4028 the session timer, as a table', () => {
  const first: Record<SessionTimerState, string | undefined> = { off: undefined, refreshing: '300;refresher=uac', watching: '300;refresher=uas', expired: '300;refresher=uas' }
  for (const state of Object.keys(SESSION_TIMER) as SessionTimerState[]) {
    for (const event of ['ours', 'theirs', 'none', 'timeout'] as SessionTimerEvent[]) {
      it(`${state}: ${event}`, () => {
        const { usage, machine, update } = confirmed(first[state])
        if (state === 'expired') usage.wake(machine.deadline, [])
        expect(machine.state).toBe(state)
        if (event === 'timeout') usage.wake(1_000_000, [])
        else update({ ours: '200;refresher=uac', theirs: '200;refresher=uas', none: undefined }[event])
        const next = SESSION_TIMER[state][event] ?? state
        // Time does not run out where none runs.
        expect(machine.state).toBe(next)
        if (next === 'refreshing') expect(usage.deadline).toBe(event === 'ours' ? 100_000 : 150_000)
        if (next === 'watching') expect(usage.deadline).toBe(event === 'theirs' ? 168_000 : 268_000)
        if (next === 'off' || next === 'expired') expect(usage.deadline).toBe(Infinity)
        expect(usage.state).toBe(next === 'expired' ? 'Terminated' : 'Confirmed')
      })
    }
  }

  it('a refresh goes out at half of the interval, another each time that half of the rest is gone, and at last BYE', () => {
    const { usage } = confirmed('300;refresher=uac')
    const sent: string[] = []
    while (usage.deadline < Infinity) {
      const at = usage.deadline
      const out: UsageEffect[] = []
      usage.wake(at, out)
      for (const effect of out) if (effect.type === 'request') sent.push(`${effect.request.method} ${Math.round(at / 1000)}`)
    }
    expect(sent.slice(0, 4)).toEqual(['UPDATE 150', 'UPDATE 209', 'UPDATE 239', 'UPDATE 253'])
    expect(sent.at(-1)).toBe('BYE 268')
  })
})

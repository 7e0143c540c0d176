import { createRequest, createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { timerDurations } from '../../src/timer-values.js'
import type { TimerValues } from '../../src/timer-values.js'
import type { TransactionOptions } from '../../src/transaction-options.js'

/** The layer asks for nothing else of a flow. */
export interface TestHop {
  readonly reliable: boolean
}

export interface RequestChanges {
  readonly branch?: string | undefined
  readonly sentBy?: string
  readonly uri?: string
  readonly callId?: string
  readonly fromTag?: string
  readonly toTag?: string
  readonly sequence?: number
  readonly headers?: readonly (readonly [string, string])[]
}

/** A request as it would come from `sentBy`. A branch that is named and undefined is left out. */
export function requestOf(method: string, changes: RequestChanges = {}): SipRequest {
  const branch = 'branch' in changes ? changes.branch : 'z9hG4bK-default-branch'
  const toTag = changes.toTag === undefined ? '' : `;tag=${changes.toTag}`
  return createRequest({
    method,
    requestUri: changes.uri ?? 'sip:bob@biloxi.example.com',
    headers: [
      ['Via', `SIP/2.0/UDP ${changes.sentBy ?? 'pc33.atlanta.example.com'}${branch === undefined ? '' : `;branch=${branch}`}`],
      ['Max-Forwards', '70'],
      ['From', `Alice <sip:alice@atlanta.example.com>;tag=${changes.fromTag ?? '88sja8x'}`],
      ['To', `Bob <sip:bob@biloxi.example.com>${toTag}`],
      ['Call-ID', changes.callId ?? '987asjd97y7atg'],
      ['CSeq', `${changes.sequence ?? 986759} ${method}`],
      ...(changes.headers ?? []),
    ],
  })
}

export function responseTo(request: SipRequest, statusCode: number, toTag = '99sa0xk'): SipResponse {
  return createResponse(request, { statusCode, toTag })
}

/** A transaction without a layer. */
export function optionsOf(request: SipRequest, reliable: boolean, timers: Partial<TimerValues> = {}): TransactionOptions<TestHop> {
  const flow = { reliable }
  return { key: 'key', request, flow, durations: timerDurations(flow, timers) }
}

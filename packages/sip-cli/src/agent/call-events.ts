import type { Call, Referral } from '@offhook/sip-session'
import type { Report } from '../command-line/report.js'
import { nameOf } from './call-report.js'

/** Tells what the other side does in a call, but not how it begins and ends. */
export function reportCall(call: Call, report: Report): void {
  const from = nameOf(call)
  const id = { call: call.id }
  call.on('hold', (held) => report.event('hold', { ...id, held }, held ? `${from} put us on hold` : `${from} took us off hold`))
  call.on('dtmf', (digit) => report.event('dtmf', { ...id, digit }, `${from} pressed ${digit}`))
  call.on('message', ({ text }) => report.event('message', { ...id, from: String(call.remote.uri), text }, `${from} writes: ${text}`))
}

/** Follows a referral of the other side and tells how that goes. */
export function followReferral(referral: Referral, report: Report): void {
  const { call: referred, target } = referral
  const id = { ...(referred === undefined ? {} : { call: referred.id }), target: String(target) }
  report.event('referred', { ...id, attended: referral.isAttended }, `The other side sends us to ${String(target)}`)
  const call = referral.accept()
  void call.answered.then((outcome) => {
    if (outcome.answered) report.event('transferred', { ...id, to: call.id }, `Connected to ${nameOf(call)}`)
    else report.event('transfer-failed', { ...id, status: outcome.end.status, reason: outcome.end.reason }, `${String(target)} did not take the call: ${outcome.end.reason}`)
  })
}

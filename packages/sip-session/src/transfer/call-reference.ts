import { legible } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { join, referredBy, replaces } from '@offhook/sip-parser/headers'
import { Call } from '../call/call.js'
import { CallLeg } from '../call/call-leg.js'
import type { ExtendedCall } from '../call/extension.js'
import type { SessionHost } from '../call/dialog-session.js'
import type { RecentDialogs } from './recent-dialogs.js'
import type { CallReference, TransfersOptions } from './transfers-options.js'

/** What an INVITE says about a call of ours: nothing, that it takes its place or joins it, or something that is refused. */
export type Reference =
  | { readonly type: 'none' }
  | { readonly type: 'replaces' | 'joins'; readonly call: ExtendedCall }
  | { readonly type: 'refused'; readonly statusCode: number; readonly reasonPhrase?: string }

const NONE: Reference = { type: 'none' }

/** Finds the call that an INVITE names, and judges whether it may (RFC 3891 §3, RFC 3911 §4). */
export function readReference(request: SipRequest, host: SessionHost, recent: RecentDialogs, options: TransfersOptions): Reference {
  const { headers } = request
  const [replacing, joining] = [headers.count('Replaces'), headers.count('Join')]
  if (replacing + joining === 0) return NONE
  const named = replacing + joining === 1 ? legible(() => headers.read(replaces)[0] ?? headers.read(join)[0]) : undefined
  if (named?.toTag === undefined || named.fromTag === undefined) return refused(400, `Bad ${replacing > 0 ? 'Replaces' : 'Join'}`)
  const session = host.find(named.callId, named.toTag, named.fromTag)
  const call = session?.owner
  const over = session === undefined ? recent.has(named.callId, named.toTag, named.fromTag) : session.sessionState === 'Terminated'
  if (over || (call instanceof CallLeg && call.isOver)) return refused(603)
  if (session === undefined || !(call instanceof CallLeg) || !(call.face instanceof Call)) return refused(481)
  const early = session.sessionState === 'Initial' || session.sessionState === 'Early'
  const reference: CallReference = { call: call.face, request, referredBy: legible(() => headers.read(referredBy)[0]) }
  if (joining > 0) {
    if (options.mayJoin === undefined) return refused(488)
    return options.mayJoin(reference) ? { type: 'joins', call } : refused(403)
  }
  // An early dialog may be replaced by its caller alone: the other forks would ring on (RFC 3891 §3).
  if (early && call.origin.direction === 'incoming') return refused(481)
  if (!early && headers.read(replaces)[0]?.earlyOnly === true) return refused(486)
  return options.mayReplace?.(reference) === false ? refused(403) : { type: 'replaces', call }
}

function refused(statusCode: number, reasonPhrase?: string): Reference {
  return { type: 'refused', statusCode, ...(reasonPhrase !== undefined && { reasonPhrase }) }
}

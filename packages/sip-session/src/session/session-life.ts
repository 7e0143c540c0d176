import type { SessionState } from './session.js'

/** What moves a session: a 1xx or 2xx, sent or received, its ACK, its end. */
export type UsageStep = 'progress' | 'accept' | 'establish' | 'acknowledge' | 'end'

/** The life of a session. `accept`: we sent a 2xx; `establish`: we got one. A step that is absent leaves the state as it is. */
export const USAGE: Readonly<Record<SessionState, Readonly<Partial<Record<UsageStep, SessionState>>>>> = {
  Initial: { progress: 'Early', accept: 'AckWait', establish: 'Confirmed', end: 'Terminated' },
  Early: { accept: 'AckWait', establish: 'Confirmed', end: 'Terminated' },
  AckWait: { acknowledge: 'Confirmed', end: 'Terminated' },
  Confirmed: { end: 'Terminated' },
  Terminated: {},
}

/** Requests within a dialog that, once accepted, move its remote target; INVITE has rules of its own (RFC 6141 §4, RFC 6665 §4.4, RFC 3515 §2.2). */
export const TARGETING: readonly string[] = ['UPDATE', 'NOTIFY', 'REFER']

/** Requests that belong to the INVITE usage: without an answer the usage is lost (RFC 3261 §12.2.1.2, RFC 5057 §5.3). */
const INTEGRAL = ['INVITE', 'UPDATE', 'BYE', 'INFO']
/** Requests for which 481 speaks of something else than the session (RFC 3262 §3, RFC 6665 §4.2.2). */
const FOREIGN_481 = ['PRACK', 'NOTIFY']

/** A refusal by which a re-INVITE or an UPDATE shows that the remote target is none (RFC 5057 §5.1). 405, 480 and 501 leave the call as it was: a hold may be refused. */
const DESTROYING = [404, 410, 416, 482, 483, 484, 485, 502, 604]

/** Whether this status of a request of ours, 408 for silence, shows that the peer has no such session any more. */
export function isLost(method: string, status: number): boolean {
  if (DESTROYING.includes(status)) return method === 'INVITE' || method === 'UPDATE'
  return (status === 408 && INTEGRAL.includes(method)) || (status === 481 && !FOREIGN_481.includes(method))
}

import { legible } from '@offhook/sip-parser'
import type { SipMessage, SipRequest } from '@offhook/sip-parser'
import { infoPackage, recvInfo } from '@offhook/sip-parser/headers'
import type { ExtraHeaders } from '../session/session.js'
import type { Call } from '../call/call.js'
import type { OperationOutcome } from '../call/call-types.js'
import type { ExtendedCall, Extension } from '../call/extension.js'
import { ENDED, OK, refused } from '../call/operation.js'
import { CallsById } from './calls-by-id.js'

/** An INFO of a package that is taken. */
export interface IncomingInfo {
  readonly package: string
  readonly callId: string
  readonly contentType: string | undefined
  readonly body: Uint8Array
  readonly request: SipRequest
}

/** Takes the INFOs of one package. What it throws is told to the peer as 500. */
export type InfoTaker = (info: IncomingInfo) => void

/** What {@link infoPackages} gives. */
export interface InfoPackages extends Extension {
  /** What the peer of a call takes, in lower case; none while it has not said so. */
  takenBy(call: Call): readonly string[]
  /** Sends an INFO of a package. Never rejects; refused with 469 without asking where the peer does not take the package (RFC 6086 §4.2.1). */
  send(call: Call, name: string, content?: { readonly body: Uint8Array | string; readonly contentType: string; readonly headers?: ExtraHeaders }): Promise<OperationOutcome>
}

/** Messages that may carry Recv-Info (RFC 6086 §7.3): of the requests, those that negotiate; of the responses, theirs. */
const NEGOTIATING = ['INVITE', 'UPDATE', 'PRACK', 'ACK']

/**
 * INFO packages in both directions (RFC 6086): says which are taken, takes them, and sends those that the peer takes.
 *
 * @example infoPackages({ conference: ({ body }) => show(body) })
 */
export function infoPackages(takers: Readonly<Record<string, InfoTaker>> = {}): InfoPackages {
  const mine = new Map(Object.entries(takers).map(([name, taker]) => [name.toLowerCase(), taker]))
  const receives = Object.keys(takers).join(', ')
  const calls = new CallsById()
  const theirs = new WeakMap<ExtendedCall, readonly string[]>()
  const takenBy = ({ id }: Call): readonly string[] => {
    const call = calls.find(id)
    return (call && theirs.get(call)) ?? []
  }
  return {
    dress(message) {
      if (negotiates(message) && !message.headers.has(recvInfo.name)) message.headers.append(recvInfo.name, receives)
    },
    began: (call) => calls.add(call),
    invited(call, { request }) {
      learn(call, request, theirs)
      return false
    },
    heard(message) {
      const call = calls.find(message.callId)
      if (call !== undefined) learn(call, message, theirs)
    },
    inside(call, _session, owned) {
      const { request } = owned
      if (request.method !== 'INFO' || !request.headers.has(infoPackage.name)) return false
      const name = legible(() => request.headers.read(infoPackage)[0]?.token) ?? ''
      const taker = mine.get(name.toLowerCase())
      if (taker === undefined) owned.reject({ statusCode: 469, headers: { [recvInfo.name]: receives } })
      else {
        try {
          taker({ package: name, callId: call.origin.id, contentType: request.headers.get('Content-Type'), body: request.body, request })
          owned.accept()
        } catch (error) {
          owned.reject({ statusCode: 500 })
          void Promise.reject(error instanceof Error ? error : new AggregateError([error], 'An INFO was not taken.'))
        }
      }
      return true
    },
    takenBy,
    async send(call, name, content) {
      const session = call.state.name === 'established' ? call.session : undefined
      if (session === undefined) return ENDED
      if (!takenBy(call).includes(name.toLowerCase())) return refused(469, `The other side does not take the package ${name}.`)
      const { headers, ...body } = content ?? {}
      const disposition = content === undefined ? {} : { 'Content-Disposition': 'Info-Package' }
      const { ok, status, reason } = await session.info({ ...body, headers: { [infoPackage.name]: name, ...disposition, ...headers } }).outcome
      return ok ? OK : refused(status, reason)
    },
  }
}

function negotiates(message: SipMessage): boolean {
  if (message.kind === 'request') return NEGOTIATING.includes(message.method)
  const { statusCode, cseq: { method } } = message
  return statusCode > 100 && statusCode < 300 && NEGOTIATING.includes(method)
}

/** A message without the field says nothing new (RFC 6086 §5.2.1). */
function learn(call: ExtendedCall, message: SipMessage, theirs: WeakMap<ExtendedCall, readonly string[]>): void {
  if (!negotiates(message) || !message.headers.has(recvInfo.name)) return
  const names = legible(() => message.headers.read(recvInfo).map(({ token }) => token.toLowerCase()))
  theirs.set(call, names ?? [])
}

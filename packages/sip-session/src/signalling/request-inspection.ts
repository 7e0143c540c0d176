import { SipUri } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { DESCRIBING } from '../session/description.js'
import { SDP } from './local-identity.js'
import type { LocalIdentity } from './local-identity.js'

/** What is wrong with a request, as the response that says so. */
export interface Refusal {
  readonly statusCode: number
  readonly reasonPhrase?: string
  readonly headers?: readonly (readonly [string, string])[]
}

/** Methods that a delegate of a session may take, whether the agent does them or not. */
const DELEGATED = ['PRACK', 'NOTIFY', 'REFER']
/** Methods that exist, and that this user agent does not do. */
const REFUSED = ['REGISTER', 'SUBSCRIBE', 'PUBLISH']

/** Looks a request over in the order of RFC 3261 §8.2. `undefined` when it may be processed. */
export function inspect(request: SipRequest, identity: LocalIdentity, acceptAnyUser: boolean): Refusal | undefined {
  const { method, headers, requestUri } = request
  if (!identity.methods.includes(method) && !DELEGATED.includes(method)) {
    return { statusCode: REFUSED.includes(method) ? 405 : 501, headers: [['Allow', identity.allow]] }
  }
  if (request.to.tag === undefined) {
    const sip = requestUri instanceof SipUri
    if (!sip && requestUri.scheme !== 'tel') return { statusCode: 416 }
    if (!acceptAnyUser && !(sip && identity.owns(requestUri.decodedUser))) return { statusCode: 404 }
  }
  return inspectHeaders(request, identity.supported) ?? (headers.has('Content-Type') ? inspectBody(request, identity.accept) : undefined)
}

function inspectHeaders(request: SipRequest, supported: readonly string[]): Refusal | undefined {
  const { method, headers } = request
  try {
    if (method === 'INVITE' && request.contact === undefined) return { statusCode: 400, reasonPhrase: 'Missing Contact' }
    if (headers.has('Record-Route') && request.recordRoute.length === 0) return { statusCode: 400, reasonPhrase: 'Bad Record-Route' }
    // A CANCEL and an ACK are processed whatever they require (RFC 3261 §8.2.2.3).
    const unsupported = method !== 'CANCEL' && headers.has('Require') ? request.require.filter((tag) => !supported.includes(tag.toLowerCase())) : []
    if (unsupported.length > 0) return { statusCode: 420, headers: [['Unsupported', unsupported.join(', ')]] }
    if (method === 'INVITE' && !takesSdp(headers.getAll('Accept').join())) return { statusCode: 406 }
  } catch {
    return { statusCode: 400, reasonPhrase: 'Bad Header Field' }
  }
  return undefined
}

/** Whether a caller understands an answer of ours: absent means SDP (RFC 3261 §20.1). */
function takesSdp(accept: string): boolean {
  return /^\s*$|(?:^|,)\s*(?:\*\/\*|application\/(?:\*|sdp))\s*(?:[;,]|$)/i.test(accept)
}

function inspectBody(request: SipRequest, accept: string): Refusal | undefined {
  const { headers, method } = request
  if (request.body.length === 0 || /handling\s*=\s*optional/i.test(headers.get('Content-Disposition') ?? '')) return undefined
  const encoding = headers.get('Content-Encoding')
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return { statusCode: 415, headers: [['Accept-Encoding', 'identity']] }
  if (DESCRIBING.includes(method) && !headers.get('Content-Type')?.toLowerCase().startsWith(SDP)) return { statusCode: 415, headers: [['Accept', accept]] }
  return undefined
}

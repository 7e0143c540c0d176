import type { SipRequest } from '@offhook/sip-parser'
import { isSipUri } from '../domains.js'
import type { Reply } from '../reply.js'

/** RFC 3261 §16.3, 2, 3 and 5: scheme, Max-Forwards, Proxy-Require. `undefined` when the request passes. */
export function checkRequest(request: SipRequest): Reply | undefined {
  if (!isSipUri(request.requestUri)) return { statusCode: 416 }
  if (request.maxForwards === 0) return { statusCode: 483 }
  const extensions = request.proxyRequire
  if (extensions.length > 0) return { statusCode: 420, headers: [['Unsupported', extensions.join(', ')]] }
  return undefined
}

const maxBreadth = 60

/** How many branches the request may still become at once; 60 at most (RFC 5393 §5.3.3). */
export function breadthOf(request: SipRequest): number {
  const text = request.headers.get('Max-Breadth')
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) return maxBreadth
  return Math.min(Number(text), maxBreadth)
}

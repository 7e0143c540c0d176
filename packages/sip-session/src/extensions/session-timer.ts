import { SessionExpires } from '@offhook/sip-parser/headers'
import { listsToken } from '../session/listed-token.js'
import { LEAST_INTERVAL, SessionTimer, expiryOf, isRefresh, minimumOf } from '../session/session-timer.js'
import type { Extension } from '../call/extension.js'

/** How sessions are kept alive. Times in seconds. */
export interface SessionTimerOptions {
  /** The interval that we ask for; 1800 unless told, and not less than `minSe`. */
  readonly expires?: number
  /** The shortest interval that we take, at least 90 (RFC 4028 §5), which is what it is unless told. Others get 422. */
  readonly minSe?: number
  /** Who refreshes, when it is ours to say: the sender of the request (`uac`), or its receiver. Unless told the other side chooses, or else the sender does it. */
  readonly refresher?: 'uac' | 'uas'
}

/** What need not say what we support. */
const SILENT = ['ACK', 'CANCEL', 'INVITE']

/**
 * Session timers (RFC 4028): a call whose other side has gone away without a word ends by itself, for one side refreshes the session in time and
 * the other expects it. A refresh is an UPDATE where the peer takes it and a re-INVITE otherwise; with a peer that has no session timers there is none.
 *
 * @example
 * new UserAgent({ …, extensions: [sessionTimer({ expires: 600 })] })
 */
export function sessionTimer(options: SessionTimerOptions = {}): Extension {
  const { refresher } = options
  const minSe = Math.max(LEAST_INTERVAL, options.minSe ?? 0)
  const expires = Math.max(minSe, options.expires ?? 1800)
  return {
    supported: ['timer'],
    usage: () => new SessionTimer({ expires, minSe, refresher }),
    dress(message) {
      if (message.kind === 'response') return
      const { headers, method } = message
      if (!SILENT.includes(method) && !headers.has('Supported')) headers.append('Supported', 'timer')
      if (method !== 'INVITE' || message.to.tag !== undefined || headers.has('Session-Expires')) return
      headers.append('Session-Expires', String(SessionExpires.of(expires, refresher)))
      if (minSe > LEAST_INTERVAL) headers.append('Min-SE', String(minSe))
    },
    // Only who knows session timers can make use of a 422 (RFC 4028 §8.1, §9).
    refuse: (request) => (isRefresh(request.method) && listsToken(request, 'Supported', 'timer') && (expiryOf(request)?.seconds ?? Infinity) < minSe
      ? { statusCode: 422, headers: [['Min-SE', String(minSe)]] }
      : undefined),
    retry({ request, response }) {
      if (response?.statusCode !== 422 || request.method !== 'INVITE' || request.to.tag !== undefined) return undefined
      const least = minimumOf(response) ?? 0
      // A server that asks for no more than it was given is not asked again.
      if (least <= (expiryOf(request)?.seconds ?? 0)) return undefined
      const next = request.clone()
      next.headers.set('Min-SE', String(least))
      next.headers.set('Session-Expires', String(SessionExpires.of(least, refresher)))
      return { request: next }
    },
  }
}

import type { SipRequest } from '@offhook/sip-parser'
import { historyInfo } from '@offhook/sip-parser/headers'
import type { Extension } from '../call/extension.js'
import { Recent } from '../recent.js'

/** How many requests of others may wait for their answer with a history. */
const LIMIT = 1000

/**
 * Keeps where a request went on its way (RFC 7044): ours begin their history, and what came with a request of others goes back
 * with our responses. Read it with `message.headers.read(historyInfo)`.
 */
export function history(): Extension {
  const waiting = new Recent<readonly string[]>(LIMIT)
  return {
    supported: ['histinfo'],
    dress(message) {
      const { headers } = message
      if (headers.has(historyInfo.name)) return
      if (message.kind === 'request') {
        if (message.to.tag === undefined && message.method !== 'ACK' && message.method !== 'REGISTER') headers.append(historyInfo.name, `<${String(message.requestUri)}>;index=1`)
        return
      }
      if (message.statusCode === 100) return
      const key = keyOf(message)
      const entries = message.statusCode < 200 ? waiting.get(key) : waiting.take(key)
      for (const entry of entries ?? []) headers.append(historyInfo.name, entry)
    },
    heard(message) {
      if (message.kind === 'request' && wantsHistory(message)) waiting.set(keyOf(message), message.headers.getAll(historyInfo.name))
    },
  }
}

/** Whether our responses carry the entries (RFC 7044 §9.4). */
function wantsHistory({ headers, method }: SipRequest): boolean {
  return method !== 'ACK' && method !== 'CANCEL' && headers.has(historyInfo.name)
}

function keyOf({ callId, cseq }: Pick<SipRequest, 'callId' | 'cseq'>): string {
  return `${callId}\n${cseq.sequence} ${cseq.method}`
}

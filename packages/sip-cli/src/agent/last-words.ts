import { setTimeout as delay } from 'node:timers/promises'
import type { UserAgent } from '@offhook/sip-session'

/** Milliseconds to wait for what still has to be said after a CANCEL. */
const patience = 4000

/**
 * Follows a call of ours and tells when a cancelled INVITE is over on the wire: refused (487 as a rule), or answered all the same
 * and then ended with BYE (RFC 3261 §9.1). Without that wait a process that exits would leave the other side in a call.
 */
export class LastWords {
  readonly #over: Promise<void>
  readonly #stop: () => void

  constructor(agent: UserAgent, callId: string) {
    let settle = (): void => undefined
    this.#over = new Promise((resolve) => {
      settle = resolve
    })
    this.#stop = agent.on('trace', ({ direction, message }) => {
      if (direction !== 'received' || message.kind !== 'response' || message.callId !== callId || message.statusCode < 200) return
      const { method } = message.cseq
      if (method === 'BYE' || (method === 'INVITE' && message.statusCode >= 300 && message.statusCode !== 401 && message.statusCode !== 407)) settle()
    })
  }

  /** Resolves when all is said, or when nobody says anything any more. */
  async wait(): Promise<void> {
    const patienceOver = new AbortController()
    await Promise.race([this.#over, delay(patience, undefined, { signal: patienceOver.signal }).catch(() => undefined)])
    patienceOver.abort()
    this.#stop()
  }
}

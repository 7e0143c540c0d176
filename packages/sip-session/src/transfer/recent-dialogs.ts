import type { Instant } from '@offhook/sip-machine'
import { Dialog } from '../dialog/dialog.js'

/** How many are remembered at most. */
const MOST = 1000

/** Dialogs that have just ended, so that who comes too late is told so (RFC 3891 §3). */
export class RecentDialogs {
  readonly #now: () => Instant
  readonly #lifetime: number
  /** When each is forgotten, oldest first. */
  readonly #until = new Map<string, Instant>()

  /** @param lifetime ms that each is remembered */
  constructor(now: () => Instant, lifetime: number) {
    this.#now = now
    this.#lifetime = lifetime
  }

  add(id: string): void {
    const now = this.#now()
    for (const [old, until] of this.#until) {
      if (until > now && this.#until.size < MOST) break
      this.#until.delete(old)
    }
    this.#until.set(id, now + this.#lifetime)
  }

  has(callId: string, localTag: string, remoteTag: string): boolean {
    const until = this.#until.get(Dialog.idOf(callId, localTag, remoteTag))
    return until !== undefined && until > this.#now()
  }
}

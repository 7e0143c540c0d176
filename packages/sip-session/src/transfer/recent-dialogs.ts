import type { Instant } from '@offhook/sip-machine'
import { Dialog } from '../dialog/dialog.js'
import { Recent } from '../recent.js'

/** How many are remembered at most. */
const MOST = 1000

/** Dialogs that have just ended, so that who comes too late is told so (RFC 3891 §3). */
export class RecentDialogs {
  readonly #now: () => Instant
  readonly #lifetime: number
  /** When each is forgotten. */
  readonly #until = new Recent<Instant>(MOST)

  /** @param lifetime ms that each is remembered */
  constructor(now: () => Instant, lifetime: number) {
    this.#now = now
    this.#lifetime = lifetime
  }

  add(id: string): void {
    this.#until.set(id, this.#now() + this.#lifetime)
  }

  has(callId: string, localTag: string, remoteTag: string): boolean {
    return (this.#until.get(Dialog.idOf(callId, localTag, remoteTag)) ?? -Infinity) > this.#now()
  }
}

import type { Call } from '@offhook/sip-session'
import { type Timers, timersOf } from '../platform.js'

/** When a lost path is looked for again. Milliseconds. */
export interface IceRecoveryOptions {
  /** How long a path may be lost (RFC 7675) before new addresses are gathered. Default 3000; a path that failed is not waited for. */
  readonly patience?: number | undefined
  /** Pause before the second try; each further one is twice as long, up to half a minute. Default 2000. */
  readonly pause?: number | undefined
  readonly timers?: Timers | undefined
  /** Tells that the device has a network again. Default: the page's `online` event. */
  readonly onOnline?: ((listener: () => void) => () => void) | undefined
}

/** A feature of `Softphone`: a call whose network path is lost looks for another by itself (ICE restart, RFC 8839 §4.4.1.1.1). */
export function iceRecovery(options: IceRecoveryOptions = {}): (call: Pick<Call, 'on' | 'renegotiate' | 'ended'>) => IceRecovery {
  return (call) => new IceRecovery(call, options)
}

const MAX_PAUSE = 30_000

/** The recovery of one call. */
export class IceRecovery {
  readonly #call: Pick<Call, 'on' | 'renegotiate' | 'ended'>
  readonly #options: { readonly patience: number; readonly pause: number; readonly timers: Timers }
  #stopTimer: (() => void) | undefined
  #isLost = false
  #isTrying = false
  #isOver = false
  #tries = 0
  #restarts = 0

  constructor(call: Pick<Call, 'on' | 'renegotiate' | 'ended'>, { patience = 3_000, pause = 2_000, timers = timersOf({}), onOnline = onOnlineOfPage }: IceRecoveryOptions = {}) {
    this.#call = call
    this.#options = { patience, pause, timers }
    call.on('connectivity', (state) => this.#became(state))
    const forget = onOnline(() => {
      if (this.#isLost) this.#after(0)
    })
    void call.ended.then(() => {
      this.#isOver = true
      this.#stopTimer?.()
      forget()
    })
  }

  /** How often new addresses were gathered. */
  get restarts(): number {
    return this.#restarts
  }

  #became(state: 'connected' | 'disconnected' | 'failed'): void {
    this.#isLost = state !== 'connected'
    if (state === 'connected') {
      this.#stopTimer?.()
      this.#tries = 0
    } else this.#after(state === 'failed' && this.#tries === 0 ? 0 : this.#wait)
  }

  get #wait(): number {
    const { patience, pause } = this.#options
    return this.#tries === 0 ? patience : Math.min(pause * 2 ** (this.#tries - 1), MAX_PAUSE)
  }

  #after(delay: number): void {
    this.#stopTimer?.()
    this.#stopTimer = this.#options.timers.after(delay, () => void this.#try())
  }

  async #try(): Promise<void> {
    if (this.#isTrying || this.#isOver || !this.#isLost) return
    this.#isTrying = true
    this.#tries += 1
    this.#restarts += 1
    await this.#call.renegotiate({ restart: true })
    this.#isTrying = false
    this.#again()
  }

  #again(): void {
    if (this.#isLost && !this.#isOver) this.#after(this.#wait)
  }
}

function onOnlineOfPage(listener: () => void): () => void {
  const page = globalThis as Partial<EventTarget>
  page.addEventListener?.('online', listener)
  return () => page.removeEventListener?.('online', listener)
}

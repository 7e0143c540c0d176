import { legible } from '@offhook/sip-parser'
import type { DeadlinePlace, Instant } from '@offhook/sip-machine'
import { SubscriptionState } from '@offhook/sip-parser/headers'
import type { Flow } from '@offhook/sip-transport'
import type { Dialog } from '../dialog/dialog.js'
import { Notifier } from '../subscription/notifier.js'
import type { NotifierEffect, NotifierInput, NotifierOptions, NotifierState } from '../subscription/notifier.js'
import type { RequestHost } from '../signalling/client-request.js'
import type { Wakeable } from '../signalling/signalling.js'
import { sendInDialog } from './usage-request.js'

/** What a subscription to us is about, and where its subscriber is. */
export interface NotificationPlan extends NotifierOptions {
  readonly dialog: Dialog
  /** Where the peer was heard last. */
  readonly flow: () => Flow | undefined
  /** Value of the Event field. */
  readonly event: string
  /** It is over; `told`: the subscriber knows. */
  readonly ended: (why: 'told' | 'lost') => void
}

/** One subscription to us in one dialog: the machine's hands towards the network. */
export class NotifierUsage implements Wakeable {
  deadlinePlace: DeadlinePlace | undefined
  readonly event: string
  readonly dialog: Dialog
  readonly #host: RequestHost
  readonly #plan: NotificationPlan
  readonly #machine: Notifier

  constructor(host: RequestHost, plan: NotificationPlan) {
    this.#host = host
    this.#plan = plan
    this.event = plan.event
    this.dialog = plan.dialog
    this.#machine = new Notifier(plan)
  }

  get state(): NotifierState {
    return this.#machine.state
  }

  /** Feeds the machine and does what it wants. */
  receive(input: NotifierInput): void {
    this.#run((now, out) => this.#machine.receive(now, input, out))
  }

  wake(): void {
    this.#run((now, out) => this.#machine.wake(now, out))
  }

  #run(step: (now: Instant, out: NotifierEffect[]) => void): void {
    const { signalling } = this.#host
    const out: NotifierEffect[] = []
    step(signalling.now, out)
    signalling.schedule(this, this.#machine.deadline)
    for (const effect of out) {
      if (effect.type === 'notify') this.#notify(effect)
      else this.#plan.ended(effect.why)
    }
  }

  #notify({ state, expires, reason, retryAfter, body }: Extract<NotifierEffect, { type: 'notify' }>): void {
    const { dialog, flow, event } = this.#plan
    sendInDialog(this.#host, dialog, flow(), 'NOTIFY', {
      headers: [['Event', event], ['Subscription-State', String(SubscriptionState.of(state, { expires, reason, retryAfter }))]],
      body: body?.body, contentType: body?.contentType,
    }, {
      response: (response) => {
        const { statusCode } = response
        if (statusCode >= 200) this.receive({ type: 'answered', statusCode, retryAfter: legible(() => response.retryAfter) })
      },
      failed: () => this.receive({ type: 'failed' }),
      finished: () => undefined,
    })
  }
}

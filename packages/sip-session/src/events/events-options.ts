import type { NameAddr, SipRequest, Uri } from '@offhook/sip-parser'
import type { ExtraHeaders, IncomingRequest } from '../session/session.js'
import type { NotificationBody } from '../subscription/notifier.js'
import type { OperationOptions } from '../call/call-types.js'

/** What may be told to a subscription. */
export interface SubscribeOptions extends OperationOptions {
  /** Seconds; 3600 when absent. The notifier may shorten it. */
  readonly expires?: number
  /** Media types that its NOTIFYs may bring (RFC 6665 §3.1.3); those of the package when absent. */
  readonly accept?: readonly string[]
  /** Parameters of the Event field, such as `id`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** For every SUBSCRIBE. */
  readonly headers?: ExtraHeaders
  readonly body?: string
  readonly contentType?: string
  /** Whether it is made anew when the notifier ends it for a reason that allows it (RFC 6665 §4.1.3); true unless told. */
  readonly resubscribe?: boolean
}

/** What a NOTIFY brought. It was answered already. */
export interface Notification {
  /** Lower case: `active`, `pending` or `terminated`. */
  readonly state: string
  /** Empty where there is none. */
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly request: SipRequest
}

/** Why a subscription is over for good. */
export interface SubscriptionOutcome {
  /** `unsubscribed` by us, `refused` or `terminated` by the notifier, `unreachable`: nothing was heard of it, `closed` with the agent. */
  readonly code: 'unsubscribed' | 'refused' | 'terminated' | 'unreachable' | 'closed'
  /** The status that refused it. */
  readonly status?: number
  /** The word of the Subscription-State, or a sentence. */
  readonly reason: string
}

/** The events of a subscription and what their listeners get. */
export interface SubscriptionEvents {
  notify: [notification: Notification]
  /** It stands, once or again. */
  subscribed: []
}

/** A subscription of ours: renewed in time, made anew when it may be, until one side does not want it any more. */
export interface Subscription {
  readonly event: string
  /** Where it stands; with several notifiers (RFC 6665 §4.5.1), the best of them. */
  readonly state: 'notify_wait' | 'pending' | 'active' | 'terminated'
  /** Never rejects. */
  readonly ended: Promise<SubscriptionOutcome>
  /** Listens to an event; the function returned stops listening. */
  on<Name extends keyof SubscriptionEvents>(event: Name, listener: (...values: SubscriptionEvents[Name]) => void): () => void
  /** Ends it; resolves with `ended`. */
  unsubscribe(): Promise<SubscriptionOutcome>
}

/** One who has subscribed to something here. */
export interface Watcher {
  readonly from: NameAddr
  readonly event: string
  readonly state: 'resp_wait' | 'pending' | 'active' | 'terminated'
  /** `told` that it is over, or `lost`. Never rejects. */
  readonly ended: Promise<'told' | 'lost' | 'closed'>
  /** Tells the state of the resource. While it is pending, what is told waits for {@link Watcher.grant}. */
  notify(body: NotificationBody): void
  /** Lets a pending one see. */
  grant(): void
  /** Ends it: `noresource`, `rejected`, `deactivated`, `probation` … (RFC 6665 §4.1.3). `retryAfter` in seconds. */
  end(reason: string, retryAfter?: number): void
}

/** A SUBSCRIBE to be answered (RFC 6665 §4.2.1). Undecided, it is taken as pending. */
export interface SubscriptionRequest {
  readonly event: string
  /** What it subscribes to. */
  readonly target: Uri
  readonly from: NameAddr
  readonly request: SipRequest
  /** Takes it; the body is the state at hand. @throws {SessionError} `wrong-state` when it was refused */
  accept(body?: NotificationBody): Watcher
  /** Takes it and leaves the decision open: `grant()` or `end('rejected')`. @throws {SessionError} `wrong-state` when it was refused */
  pend(): Watcher
  /** Refuses it: 403 unless told. @throws {SessionError} `bad-status` for less than 300 */
  reject(status?: number, reason?: string): void
}

/** What an agent does about the events of others, and its own. */
export interface EventsOptions {
  /** Packages that may be subscribed to here; others get 489. */
  readonly packages?: readonly string[]
  /** Somebody subscribes to one of the packages. */
  readonly onSubscribe?: (request: SubscriptionRequest) => void
  /** Shortest subscription, in seconds, below an hour; less gets 423. 60 when absent. */
  readonly minExpires?: number
  /** Longest subscription, in seconds; more is shortened. 3600 when absent. */
  readonly maxExpires?: number
  /** A NOTIFY that nobody subscribed to, such as old message waiting servers send. Without this it gets 481. */
  readonly onNotify?: (notify: IncomingRequest) => void
}

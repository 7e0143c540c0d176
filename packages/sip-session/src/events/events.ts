import { legible } from '@offhook/sip-parser'
import type { Uri } from '@offhook/sip-parser'
import { Dialog } from '../dialog/dialog.js'
import { SessionError } from '../errors.js'
import type { SessionHost } from '../call/dialog-session.js'
import type { ExtendedAgent, Extension } from '../call/extension.js'
import type { OutsideRequest } from '../signalling/outside-request.js'
import { eventKey, sameEvent } from './event-key.js'
import type { EventKey } from './event-key.js'
import type { EventsOptions, SubscribeOptions, Subscription } from './events-options.js'
import { IncomingSubscription } from './incoming-subscription.js'
import { OutgoingSubscription } from './outgoing-subscription.js'

const HOUR = 3600
const MIN_EXPIRES = 60
/** How many may be subscribed here at once; more are put off, so many seconds. */
const MOST = 1000
const LATER = 60

/** The feature that subscribes to the events of others, and lets them subscribe (RFC 6665). One object serves one agent. */
export class Events implements Extension {
  readonly allow: readonly string[]
  readonly #options: EventsOptions
  readonly #packages: readonly string[]
  #agent: ExtendedAgent | undefined
  #outgoing: readonly OutgoingSubscription[] = []
  #incoming: readonly IncomingSubscription[] = []

  /** Made by {@link events}. @internal */
  constructor(options: EventsOptions) {
    this.#options = options
    this.#packages = options.onSubscribe === undefined ? [] : (options.packages ?? [])
    this.allow = ['NOTIFY', ...(this.#packages.length > 0 ? ['SUBSCRIBE'] : [])]
  }

  /**
   * Subscribes to somebody's events.
   *
   * @throws {SessionError} `missing-extension` when no agent has this extension, `bad-target`, `closed`
   *
   * @example
   * const subscription = presence.subscribe('bob', 'presence')
   * subscription.on('notify', ({ body }) => console.log(body))
   */
  subscribe(target: string | Uri, event: string, options: SubscribeOptions = {}): Subscription {
    if (this.#agent === undefined) throw new SessionError('missing-extension', 'No user agent was made with this extension.')
    const subscription = new OutgoingSubscription(this.#agent, target, event, options, (over) => {
      this.#outgoing = this.#outgoing.filter((other) => other !== over)
    })
    if (subscription.state !== 'terminated') this.#outgoing = [...this.#outgoing, subscription]
    return subscription
  }

  attach(agent: ExtendedAgent): void {
    if (this.#agent !== undefined) throw new SessionError('wrong-state', 'One extension serves one user agent.')
    this.#agent = agent
  }

  outside(host: SessionHost, owned: OutsideRequest): boolean {
    const { request } = owned
    const key = eventKey(request)
    if (request.method === 'NOTIFY') return this.#notified(owned)
    if (request.method !== 'SUBSCRIBE' || this.#packages.length === 0 || key?.name === 'refer') return false
    if (request.to.tag !== undefined) this.#renewed(owned, key)
    else this.#subscribed(host, owned, key)
    return true
  }

  closed(): void {
    for (const subscription of this.#outgoing) subscription.finish({ code: 'closed', reason: 'The user agent was closed.' })
    for (const subscription of this.#incoming) subscription.close('closed')
  }

  #notified(owned: OutsideRequest): boolean {
    const { request, flow } = owned
    const subscription = this.#outgoing.find((one) => one.expects(request))
    if (subscription !== undefined) subscription.notify(owned, flow)
    else if (request.to.tag === undefined && this.#options.onNotify !== undefined) this.#options.onNotify(owned)
    else return false
    return true
  }

  #renewed(owned: OutsideRequest, key: EventKey | undefined): void {
    const { callId, to, from } = owned.request
    const id = Dialog.idOf(callId, to.tag ?? '', from.tag ?? '')
    const subscription = this.#incoming.find((one) => one.dialogId === id && sameEvent(one.key, key))
    if (subscription === undefined) return owned.reject({ statusCode: 481 })
    const expires = this.#grant(owned)
    if (expires !== undefined) subscription.renew(owned, expires)
  }

  #subscribed(host: SessionHost, owned: OutsideRequest, key: EventKey | undefined): void {
    const { onSubscribe } = this.#options
    if (key === undefined || onSubscribe === undefined || !this.#packages.includes(key.name)) {
      return owned.reject({ statusCode: 489, headers: { 'Allow-Events': this.#packages.join(', ') } })
    }
    if (legible(() => owned.request.contact) === undefined) return owned.reject({ statusCode: 400, reasonPhrase: 'Missing Contact' })
    const expires = this.#grant(owned)
    if (expires === undefined) return
    if (this.#incoming.length >= MOST) return owned.reject({ statusCode: 480, headers: { 'Retry-After': LATER } })
    const subscription = new IncomingSubscription({
      host, owned, key, expires,
      over: (over) => (this.#incoming = this.#incoming.filter((other) => other !== over)),
    })
    this.#incoming = [...this.#incoming, subscription]
    try {
      onSubscribe(subscription)
    } catch (error) {
      // What the application throws is reported by the host as unhandled and disturbs nobody else.
      void Promise.reject(error instanceof Error ? error : new AggregateError([error], 'A policy threw.'))
    }
    subscription.settle()
  }

  /** The seconds that are granted; `undefined` when less was asked for than is worth it, and that is answered (RFC 6665 §4.2.1.1). */
  #grant(owned: OutsideRequest): number | undefined {
    const { minExpires = MIN_EXPIRES, maxExpires = HOUR } = this.#options
    const asked = legible(() => owned.request.expires) ?? maxExpires
    if (asked === 0 || asked >= Math.min(minExpires, HOUR)) return Math.min(asked, maxExpires)
    owned.reject({ statusCode: 423, headers: { 'Min-Expires': minExpires } })
    return undefined
  }
}

/**
 * Makes the feature that subscribes and is subscribed to.
 *
 * @example
 * const presence = events({ packages: ['presence'], onSubscribe: (request) => watchers.push(request.accept(state)) })
 * const agent = new UserAgent({ identity, extensions: [presence] })
 */
export function events(options: EventsOptions = {}): Events {
  return new Events(options)
}

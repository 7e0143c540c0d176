import { DeadlineQueue } from '@offhook/sip-machine'
import type { Instant } from '@offhook/sip-machine'
import type { SipRequest, Uri } from '@offhook/sip-parser'
import { isSipUri } from './domains.js'
import type { Domains } from './domains.js'
import type { Binding } from './location/binding.js'
import type { LocationStore } from './location/location-store.js'
import { andThen } from './maybe-promise.js'
import type { MaybePromise } from './maybe-promise.js'
import { processRegister } from './registrar.js'
import type { RegisterContext } from './registrar.js'
import type { Reply } from './reply.js'

/** Something happened to the bindings of an address-of-record. */
export interface RegistrationChange {
  readonly addressOfRecord: string
  /** What holds now; empty when the user is offline. */
  readonly bindings: readonly Binding[]
  readonly reason: 'registered' | 'unregistered' | 'expired' | 'flow-closed'
}

/** Where a URI of ours leads. */
export type Lookup =
  | { readonly kind: 'bindings'; readonly bindings: readonly Binding[] }
  | { readonly kind: 'offline' }
  | { readonly kind: 'unknown' }

export interface DirectoryOptions {
  readonly store: LocationStore
  readonly domains: Domains
  /** Whether a user of that name exists who has never registered. */
  readonly isUser: (username: string) => MaybePromise<boolean>
  readonly changed: (change: RegistrationChange) => void
  /** Runs a task in the composition root's queue. */
  readonly later: (task: () => void) => void
  /** A store that fails while nobody waits for it. */
  readonly report: (error: unknown) => void
}

/** The location service (RFC 3261 §10, §16.5): the store, and what makes bindings come and go. */
export class Directory {
  readonly #options: DirectoryOptions
  readonly #expiries = new DeadlineQueue<string>()
  readonly #online = new Map<string, readonly Binding[]>()
  readonly #byFlow = new Map<string, Set<string>>()

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  /** When the next binding expires. */
  get deadline(): Instant {
    return this.#expiries.next
  }

  /** Every address-of-record with a binding made through this server, and its bindings. */
  get online(): ReadonlyMap<string, readonly Binding[]> {
    return this.#online
  }

  register(now: Instant, request: SipRequest, addressOfRecord: string, context: RegisterContext): MaybePromise<Reply> {
    let reply: Reply = { statusCode: 500 }
    let after: readonly Binding[] | undefined
    const stored = this.#options.store.update(addressOfRecord, (current) => {
      const outcome = processRegister(now, request, current, context)
      reply = outcome.reply
      after = outcome.bindings
      return outcome.bindings
    })
    return andThen(stored, (done) => {
      if (!done) return { statusCode: 503, headers: [['Retry-After', '60']] }
      if (after === undefined) return reply
      const made = after.some(({ callId, sequence }) => callId === request.callId && sequence === request.cseq.sequence)
      this.#note(addressOfRecord, after, made ? 'registered' : 'unregistered')
      return reply
    })
  }

  /** A binding of the operator's, which never expires and no REGISTER removes. */
  bind(addressOfRecord: string, binding: Binding): MaybePromise<boolean> {
    let after: readonly Binding[] = []
    const stored = this.#options.store.update(addressOfRecord, (current) => (after = [...current, binding]))
    return andThen(stored, (done) => {
      if (done) this.#note(addressOfRecord, after, 'registered')
      return done
    })
  }

  lookup(now: Instant, uri: Uri): MaybePromise<Lookup> {
    const addressOfRecord = this.#options.domains.addressOfRecord(uri)
    if (addressOfRecord === undefined) return { kind: 'unknown' }
    return andThen(this.#options.store.bindings(addressOfRecord), (bindings) => {
      const live = bindings.filter((binding) => binding.expiresAt > now)
      if (live.length > 0) return { kind: 'bindings', bindings: live }
      return andThen(this.#options.store.knows(addressOfRecord), (known) => {
        if (known) return { kind: 'offline' }
        return andThen(this.#options.isUser(usernameOf(uri)), (exists): Lookup => ({ kind: exists ? 'offline' : 'unknown' }))
      })
    })
  }

  /** The connection is gone: so are the bindings that were reached over it alone. */
  flowClosed(flow: string): void {
    for (const addressOfRecord of this.#byFlow.get(flow) ?? []) {
      this.#rewrite(addressOfRecord, 'flow-closed', (binding) => {
        if (binding.flow !== flow) return binding
        return binding.dialable ? withoutFlow(binding) : undefined
      })
    }
    this.#byFlow.delete(flow)
  }

  /** Takes out what has expired. */
  wake(now: Instant): void {
    for (let due = this.#expiries.takeDue(now); due !== undefined; due = this.#expiries.takeDue(now)) {
      this.#rewrite(due, 'expired', (binding) => (binding.expiresAt <= now ? undefined : binding))
    }
  }

  #rewrite(addressOfRecord: string, reason: RegistrationChange['reason'], rewrite: (binding: Binding) => Binding | undefined): void {
    let after: readonly Binding[] = []
    const stored = this.#options.store.update(addressOfRecord, (current) => {
      after = current.map(rewrite).filter((binding) => binding !== undefined)
      return after
    })
    const { later, report } = this.#options
    if (stored instanceof Promise) stored.then(() => later(() => this.#note(addressOfRecord, after, reason)), report)
    else this.#note(addressOfRecord, after, reason)
  }

  #note(addressOfRecord: string, bindings: readonly Binding[], reason: RegistrationChange['reason']): void {
    for (const { flow } of this.#online.get(addressOfRecord) ?? []) {
      if (flow !== undefined) this.#byFlow.get(flow)?.delete(addressOfRecord)
    }
    for (const { flow } of bindings) {
      if (flow === undefined) continue
      const owners = this.#byFlow.get(flow) ?? new Set()
      this.#byFlow.set(flow, owners.add(addressOfRecord))
    }
    if (bindings.length === 0) this.#online.delete(addressOfRecord)
    else this.#online.set(addressOfRecord, bindings)
    this.#expiries.schedule(addressOfRecord, Math.min(Infinity, ...bindings.map(({ expiresAt }) => expiresAt)))
    this.#options.changed({ addressOfRecord, bindings, reason })
  }
}

/** The user that a URI names, its escapes undone. */
export function usernameOf(uri: Uri): string {
  return isSipUri(uri) ? uri.decodedUser ?? '' : ''
}

function withoutFlow(binding: Binding): Binding {
  const copy: { -readonly [Name in keyof Binding]: Binding[Name] } = { ...binding }
  delete copy.flow
  return copy
}

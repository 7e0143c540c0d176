import { ParseError } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import type { Instant } from '@offhook/sip-machine'
import { isIpLiteral, sameHost } from '@offhook/sip-transport'
import type { Flow } from '@offhook/sip-transport'
import type { AccessControl } from './access-control.js'
import type { Directory } from './directory.js'
import { isSipUri } from './domains.js'
import type { Domains } from './domains.js'
import { andThen } from './maybe-promise.js'
import type { MaybePromise } from './maybe-promise.js'
import type { LoopMarks } from './proxy/loop-mark.js'
import type { Proxy } from './proxy/proxy.js'
import type { Reachability } from './proxy/reachability.js'
import { checkRequest } from './proxy/request-checks.js'
import { processRoute } from './proxy/route-processing.js'
import type { RouteFacts, RoutedRequest } from './proxy/route-processing.js'
import { selectTargets } from './proxy/target-selection.js'
import type { SelectionFacts } from './proxy/target-selection.js'
import type { RegistrarLimits } from './registrar.js'
import type { Reply } from './reply.js'

export interface RequestDispatchOptions {
  readonly access: AccessControl
  readonly directory: Directory
  readonly domains: Domains
  readonly proxy: Proxy
  readonly marks: LoopMarks
  readonly reachability: Reachability
  readonly routeFacts: RouteFacts
  readonly selectionFacts: SelectionFacts
  readonly registrarLimits: RegistrarLimits
  readonly admit: ((request: SipRequest, flow: Flow) => Reply | undefined) | undefined
  readonly now: () => Instant
  /** Answers through a server transaction that has no response context. */
  readonly respond: (serverKey: string, request: SipRequest, reply: Reply) => void
  /** Runs a task in the queue. */
  readonly later: (task: () => void) => void
  readonly report: (error: unknown) => void
}

/** What becomes of a new request: turned away, registered, answered here, or forwarded (RFC 3261 §16.3 to §16.5, §10.3). */
export class RequestDispatch {
  readonly #options: RequestDispatchOptions

  constructor(options: RequestDispatchOptions) {
    this.#options = options
  }

  /**
   * An answer that needs no memory of the request, so that a flood of strangers costs nothing: what the owner's `admit`
   * says, and the challenge of a request without credentials.
   */
  turnAway(request: SipRequest, flow: Flow): Reply | undefined {
    const { admit, access, now, report } = this.#options
    try {
      const refusal = admit?.(request, flow)
      if (refusal !== undefined) return refusal
    } catch (error) {
      report(error)
      return { statusCode: 500 }
    }
    if (access.realm === undefined || access.hasCredentials(request)) return undefined
    return this.#judgeSyntax(() => {
      const routed = this.#route(request, flow)
      if (!routed.ok) return routed.reply
      return this.#isExempt(routed.value) || !access.mustProve(routed.value.request) ? undefined : access.challenge(now(), request)
    })
  }

  /** A request in a server transaction of its own. */
  serve(serverKey: string, request: SipRequest, flow: Flow): void {
    const refusal = this.#judgeSyntax(() => {
      const checked = checkRequest(request) ?? this.#checkLoop(request)
      if (checked !== undefined) return checked
      const routed = this.#route(request, flow)
      if (!routed.ok) return routed.reply
      if (this.#isForRegistrar(routed.value.request)) this.#register(serverKey, routed.value.request, flow)
      else this.#forward(serverKey, request, routed.value, flow)
      return undefined
    })
    if (refusal !== undefined) this.#options.respond(serverKey, request, refusal)
  }

  /** An ACK that belongs to a 2xx: it goes where its dialog goes, or nowhere. */
  acknowledge(request: SipRequest, flow: Flow): void {
    this.#judgeSyntax(() => {
      const routed = this.#route(request, flow)
      if (routed.ok) this.#options.proxy.forwardAck(request, routed.value, flow)
      return undefined
    })
  }

  #route(request: SipRequest, flow: Flow): ReturnType<typeof processRoute> {
    const { domains, routeFacts } = this.#options
    // A listener bound to every address learns which ones it has as they are used.
    for (const uri of [request.requestUri, request.route[0]?.uri]) {
      if (uri !== undefined && isSipUri(uri) && isIpLiteral(uri.host) && !domains.has(uri.host) && sameHost(uri.host, flow.local.host)) domains.addAlias(uri.host)
    }
    return processRoute(request, routeFacts)
  }

  /** Header fields that decide about a request must be readable (RFC 3261 §16.3, 1). */
  #judgeSyntax(judge: () => Reply | undefined): Reply | undefined {
    try {
      return judge()
    } catch (error) {
      if (error instanceof ParseError) return { statusCode: 400, reasonPhrase: error.header === undefined ? 'Bad Request' : `Bad ${error.header}` }
      this.#options.report(error)
      return { statusCode: 500 }
    }
  }

  #checkLoop(request: SipRequest): Reply | undefined {
    return this.#options.marks.isLoop(request) ? { statusCode: 482 } : undefined
  }

  /** Requests inside a dialog of ours were let in when it began; an OPTIONS to the server itself tells nothing worth hiding. */
  #isExempt({ request, token }: RoutedRequest): boolean {
    const { requestUri: uri, method } = request
    return token !== undefined || (method === 'OPTIONS' && isSipUri(uri) && uri.user === undefined && request.route.length === 0 && this.#options.domains.has(uri.host))
  }

  #isForRegistrar(request: SipRequest): boolean {
    const { requestUri: uri } = request
    return request.method === 'REGISTER' && request.route.length === 0 && isSipUri(uri) && this.#options.domains.has(uri.host)
  }

  #register(serverKey: string, request: SipRequest, flow: Flow): void {
    const { access, directory, domains, reachability, registrarLimits, now, respond } = this.#options
    const context = { limits: registrarLimits, reach: (contact: Parameters<Reachability['reachOfContact']>[2]) => reachability.reachOfContact(request, flow, contact) }
    const reply = this.#attempt(() => andThen(access.judge(now(), request), (refusal) => {
      if (refusal !== undefined) return refusal
      const addressOfRecord = domains.addressOfRecord(request.to.uri)
      return addressOfRecord === undefined ? { statusCode: 404 } : directory.register(now(), request, addressOfRecord, context)
    }))
    this.#whenKnown(reply, (known) => respond(serverKey, request, known))
  }

  #forward(serverKey: string, received: SipRequest, routed: RoutedRequest, flow: Flow): void {
    const { access, proxy, selectionFacts, now } = this.#options
    proxy.open(serverKey, received, routed.request, flow)
    const selection = this.#attempt(() => andThen(this.#isExempt(routed) ? undefined : access.judge(now(), routed.request), (refusal) => {
      if (refusal !== undefined) return { reply: refusal }
      return proxy.isPending(serverKey) ? selectTargets(now(), routed, selectionFacts) : { targets: [] }
    }))
    this.#whenKnown(selection, (known) => {
      if ('statusCode' in known) proxy.tell(serverKey, { type: 'refuse', reply: known })
      else if ('reply' in known) proxy.tell(serverKey, { type: 'refuse', reply: known.reply })
      else proxy.tell(serverKey, { type: 'targets', targets: known.targets })
    })
  }

  /** The owner's sources may throw or reject: the caller gets 500, the owner the error. */
  #attempt<T>(make: () => MaybePromise<T>): MaybePromise<T | Reply> {
    const failed = (error: unknown): Reply => {
      if (error instanceof ParseError) return { statusCode: 400 }
      this.#options.report(error)
      return { statusCode: 500 }
    }
    try {
      const made = make()
      return made instanceof Promise ? made.catch(failed) : made
    } catch (error) {
      return failed(error)
    }
  }

  #whenKnown<T>(value: MaybePromise<T>, next: (value: T) => void): void {
    if (value instanceof Promise) void value.then((known) => this.#options.later(() => next(known)))
    else next(value)
  }
}

import type { Instant } from '@offhook/sip-machine'
import { uriEquals } from '@offhook/sip-parser'
import type { NameAddr, SipRequest } from '@offhook/sip-parser'
import { isSipUri } from './domains.js'
import type { Binding } from './location/binding.js'
import type { Reply } from './reply.js'
import { ServerError } from './server-error.js'

/** What a registrar grants. Times in seconds, as in the messages. */
export interface RegistrarLimits {
  /** Shortest interval granted to those who ask for less than an hour; below it the answer is 423. 60 when absent. */
  readonly minExpires: number
  /** Longest interval granted; longer wishes are shortened. 3,600 when absent. */
  readonly maxExpires: number
  /** Granted to those who ask for none. 3,600 when absent. */
  readonly defaultExpires: number
  /** Bindings per address-of-record; 10 when absent. */
  readonly maxBindings: number
}

export const DEFAULT_REGISTRAR_LIMITS: RegistrarLimits = { minExpires: 60, maxExpires: 3600, defaultExpires: 3600, maxBindings: 10 }

/**
 * Fills in the defaults.
 *
 * @throws {ServerError} `bad-limit` when they are not positive or contradict each other
 */
export function checkLimits(limits: Partial<RegistrarLimits> = {}): RegistrarLimits {
  const all = { ...DEFAULT_REGISTRAR_LIMITS, ...limits }
  const { minExpires, maxExpires, defaultExpires, maxBindings } = all
  if (!(minExpires > 0 && minExpires <= defaultExpires && defaultExpires <= maxExpires && maxBindings >= 1)) {
    throw new ServerError('bad-limit', 'registrar limits must be positive, with minExpires <= defaultExpires <= maxExpires')
  }
  return all
}

/** What the registrar cannot read in the request itself. */
export interface RegisterContext {
  readonly limits: RegistrarLimits
  /** How a contact of this request is to be reached. */
  readonly reach: (contact: Binding['uri']) => Pick<Binding, 'flow' | 'dialable'>
}

/** `bindings` replaces what was there; absent when nothing changes. */
export interface RegisterOutcome {
  readonly bindings?: readonly Binding[]
  readonly reply: Reply
}

const supportedOptions = new Set(['path', 'outbound'])
/** Longest Contact value, and longest Path, that is kept: what a peer says is not stored without bounds. */
const maxStoredLength = 2048

/** Processes a REGISTER whose sender is known to own the address-of-record (RFC 3261 §10.3, steps 2 and 6 to 8). All or nothing. */
export function processRegister(now: Instant, request: SipRequest, current: readonly Binding[], context: RegisterContext): RegisterOutcome {
  const unsupported = request.require.filter((option) => !supportedOptions.has(option.toLowerCase()))
  if (unsupported.length > 0) return refuse(420, undefined, [['Unsupported', unsupported.join(', ')]])
  const live = current.filter((binding) => binding.expiresAt > now)
  const contacts = request.contacts
  if (contacts === '*') return removeAll(now, request, live)
  if (contacts.length === 0) return { reply: listing(now, request, live, false) }
  return update(now, request, live, contacts, context)
}

function removeAll(now: Instant, request: SipRequest, live: readonly Binding[]): RegisterOutcome {
  if (request.headers.count('Contact') > 1) return refuse(400, 'Contact "*" stands alone')
  if (request.expires !== 0) return refuse(400, 'Contact "*" needs Expires 0')
  if (live.some((binding) => isOutOfOrder(binding, request))) return refuse(500, 'CSeq Out of Order')
  const kept = live.filter(isPermanent)
  return { bindings: kept, reply: listing(now, request, kept, false) }
}

function update(now: Instant, request: SipRequest, live: readonly Binding[], contacts: readonly NameAddr[], context: RegisterContext): RegisterOutcome {
  const { limits } = context
  if ([request.path.join(), ...contacts].some((text) => String(text).length > maxStoredLength)) return refuse(400, 'Contact or Path Too Long')
  const outbound = usesOutbound(request)
  let next = [...live]
  let added = 0
  for (const contact of contacts) {
    const seconds = requestedExpires(contact, request) ?? limits.defaultExpires
    if (seconds > 0 && seconds < 3600 && seconds < limits.minExpires) return refuse(423, undefined, [['Min-Expires', String(limits.minExpires)]])
    const granted = Math.min(seconds, limits.maxExpires)
    const binding = bind(now, request, contact, granted, context, outbound)
    if (binding === undefined) return refuse(400, 'Contact Is Not a SIP URI')
    const known = next.find((candidate) => isSameBinding(candidate, binding))
    if (known !== undefined && live.includes(known) && isOutOfOrder(known, request)) return refuse(500, 'CSeq Out of Order')
    if (known !== undefined && isPermanent(known)) continue
    next = next.filter((candidate) => candidate !== known)
    if (granted === 0) continue
    next.push(binding)
    added += 1
  }
  if (added > 0 && next.length > limits.maxBindings) return refuse(403, 'Too Many Contacts')
  return { bindings: next, reply: listing(now, request, next, outbound) }
}

function bind(now: Instant, request: SipRequest, contact: NameAddr, seconds: number, context: RegisterContext, outbound: boolean): Binding | undefined {
  const { uri, parameters } = contact
  if (!isSipUri(uri)) return undefined
  const instance = parameters.get('+sip.instance')
  const regId = Number(parameters.get('reg-id') ?? Number.NaN)
  return {
    contact: contact.with({ parameters: parameters.without('expires') }), uri,
    callId: request.callId, sequence: request.cseq.sequence, expiresAt: now + seconds * 1000,
    path: request.path.map(String), ...context.reach(uri),
    ...(outbound && instance !== undefined && Number.isInteger(regId) && regId > 0 ? { instance, regId } : {}),
  }
}

/** The same instance and reg-id, or else an equal URI (RFC 5626 §6, RFC 3261 §10.3, 7). */
function isSameBinding(a: Binding, b: Binding): boolean {
  if (a.instance !== undefined && b.instance !== undefined) return a.instance === b.instance && a.regId === b.regId
  return uriEquals(a.uri, b.uri)
}

function isOutOfOrder(binding: Binding, request: SipRequest): boolean {
  return binding.callId === request.callId && request.cseq.sequence <= binding.sequence
}

function isPermanent(binding: Binding): boolean {
  return binding.expiresAt === Infinity
}

/** A malformed `expires` parameter counts as absent (RFC 3261 §20.10). */
function requestedExpires(contact: NameAddr, request: SipRequest): number | undefined {
  const parameter = contact.parameters.get('expires')
  if (parameter !== undefined && /^\d{1,10}$/.test(parameter)) return Number(parameter)
  return request.expires
}

/** The client supports outbound and stands next to us, so that its flow is ours (RFC 5626 §6). */
function usesOutbound(request: SipRequest): boolean {
  return [...request.supported, ...request.require].some((option) => option.toLowerCase() === 'outbound') && request.vias.length === 1
}

/** 200 with every current binding and the time it has left (RFC 3261 §10.3, 8). */
function listing(now: Instant, request: SipRequest, bindings: readonly Binding[], outbound: boolean): Reply {
  const headers: (readonly [string, string])[] = bindings.map((binding) => {
    const seconds = isPermanent(binding) ? 4_294_967_295 : Math.max(0, Math.round((binding.expiresAt - now) / 1000))
    const { contact } = binding
    return ['Contact', String(contact.with({ parameters: contact.parameters.with('expires', String(seconds)) }))]
  })
  if (request.path.length > 0 && request.supported.some((option) => option.toLowerCase() === 'path')) {
    for (const hop of request.path) headers.push(['Path', String(hop)])
  }
  if (outbound && bindings.some(({ instance }) => instance !== undefined)) headers.push(['Require', 'outbound'])
  return { statusCode: 200, headers }
}

function refuse(statusCode: number, reasonPhrase?: string, headers: Reply['headers'] = []): RegisterOutcome {
  return { reply: { statusCode, headers, ...(reasonPhrase === undefined ? {} : { reasonPhrase }) } }
}

import { SipUri, legible, unescape, uriEquals } from '@offhook/sip-parser'
import type { NameAddr, SipRequest, SipResponse, Uri } from '@offhook/sip-parser'
import type { Extension } from '../call/extension.js'
import type { NextAttempt, RefusedRequest } from '../signalling/refused-request.js'

/** A redirection that may be followed. */
export interface Redirection {
  /** What was redirected. */
  readonly request: SipRequest
  /** The 300, 301, 302 or 305. */
  readonly response: SipResponse
  /** Where to go, best first: by falling `q`. */
  readonly targets: readonly Uri[]
}

/** How redirections are followed. */
export interface RedirectsOptions {
  /** Decides which targets are tried, and in which order; all of them when absent, none for an empty list. */
  readonly follow?: (redirection: Redirection) => readonly Uri[]
  /** The most targets that one request is sent to; 8 unless told, at most 20. */
  readonly limit?: number
}

/** Redirections with a Contact to go on with (RFC 3261 §21.3); 380 has none. */
const REDIRECTIONS = [300, 301, 302, 305]
const USE_PROXY = 305

/** Header fields that a URI of somebody else may not put into our requests (RFC 3261 §19.1.5). */
const OWN_FIELDS = [
  'accept', 'accept-encoding', 'accept-language', 'allow', 'authorization', 'call-id', 'contact', 'content-disposition', 'content-encoding', 'content-length',
  'content-type', 'cseq', 'from', 'max-forwards', 'organization', 'proxy-authorization', 'proxy-require', 'record-route', 'require', 'route', 'supported', 'to',
  'user-agent', 'via', 'body',
]

/** Where one request went, and may still go. */
interface Course {
  readonly tried: Uri[]
  readonly proxies: string[]
  waiting: Uri[]
}

/**
 * Follows redirections of requests outside of dialogs (RFC 3261 §8.1.3.4): the targets one after the other, best first, each
 * once, until one answers with a 2xx or a 6xx.
 *
 * @example new UserAgent({ identity, extensions: [redirects({ follow: ({ targets }) => targets.filter(({ scheme }) => scheme === 'sips') })] })
 */
export function redirects(options: RedirectsOptions = {}): Extension {
  const courses = new WeakMap<object, Course>()
  return {
    retry(refused) {
      const { request, response, effort } = refused
      if (request.to.tag !== undefined) return undefined
      let course = courses.get(effort)
      if (response !== undefined && REDIRECTIONS.includes(response.statusCode)) {
        course ??= { tried: [request.requestUri], proxies: [], waiting: [] }
        courses.set(effort, course)
        if (response.statusCode === USE_PROXY) return throughProxy(course, refused, response)
        add(course, options, { request, response, targets: targetsOf(request, response) })
      }
      if (course === undefined || (response !== undefined && response.statusCode >= 600)) return undefined
      const target = course.waiting.shift()
      if (target === undefined) return undefined
      course.tried.push(target)
      const next = towards(target, refused)
      remember(next.request, response)
      return next
    },
  }
}

function add(course: Course, { follow, limit = 8 }: RedirectsOptions, redirection: Redirection): void {
  const known = [...course.tried, ...course.waiting]
  for (const target of follow === undefined ? redirection.targets : follow(redirection)) {
    if (known.length > limit || known.some((one) => uriEquals(one, target))) continue
    known.push(target)
    course.waiting.push(target)
  }
}

/** The Contacts that SIP can go to, by falling `q`; of a secured request the secured ones (RFC 3261 §8.1.3.4). */
function targetsOf(request: SipRequest, response: SipResponse): Uri[] {
  const contacts = legible(() => response.contacts) ?? []
  const addresses = contacts === '*' ? [] : contacts
  const secure = request.requestUri.scheme === 'sips'
  return addresses
    .filter(({ uri }) => (secure ? uri.scheme === 'sips' : uri instanceof SipUri || uri.scheme === 'tel'))
    .sort((a, b) => preferenceOf(b) - preferenceOf(a))
    .map(({ uri }) => uri)
}

/** 1 where none is given. */
function preferenceOf({ parameters }: NameAddr): number {
  const q = Number(parameters.get('q') ?? 1)
  return q >= 0 && q <= 1 ? q : 0
}

/** The same request to another URI: To, From and Call-ID stay (RFC 3261 §8.1.3.4). */
function towards(target: Uri, { request, nextHop }: RefusedRequest): NextAttempt {
  const next = request.clone()
  const direct = nextHop === String(request.requestUri)
  if (!(target instanceof SipUri)) {
    next.requestUri = target
    return { request: next }
  }
  for (const [name, value] of headersOf(target)) if (!next.headers.has(name)) next.headers.append(name, value)
  const bare = target.with({ headers: undefined, parameters: target.parameters.without('method') })
  next.requestUri = bare
  return { request: next, nextHop: direct ? String(bare) : undefined }
}

/** Tells the history of the request, where it has one: why it left the last target, and the new one (RFC 7044 §6.1, §10.2). */
function remember({ headers, requestUri }: SipRequest, response: SipResponse | undefined): void {
  const entries = headers.getAll('History-Info')
  const last = entries.pop()
  if (last === undefined) return
  headers.delete('History-Info')
  const why = `Reason=SIP%3Bcause%3D${response?.statusCode ?? 408}`
  for (const entry of [...entries, last.replace(/(\?[^>]*)?>/, (_all, old: string | undefined) => `${old === undefined ? '?' : `${old}&`}${why}>`)]) headers.append('History-Info', entry)
  headers.append('History-Info', `<${String(requestUri)}>;index=${entries.length + 2};mp=1`)
}

/** 305: the same target, by the proxy that the Contact names (RFC 3261 §21.3.4), once each. */
function throughProxy(course: Course, { request }: RefusedRequest, response: SipResponse): NextAttempt | undefined {
  const [proxy] = targetsOf(request, response).map(String)
  if (proxy === undefined || course.proxies.includes(proxy)) return undefined
  course.proxies.push(proxy)
  const next = request.clone()
  next.headers.delete('Route')
  next.headers.append('Route', `<${/;lr(?=[;=?]|$)/i.test(proxy) ? proxy : `${proxy};lr`}>`)
  return { request: next, nextHop: proxy }
}

function headersOf({ headers }: SipUri): [string, string][] {
  return (headers ?? '').split('&').flatMap((text) => {
    const [name = '', value = ''] = text.split('=').map(unescape)
    const plain = /^[\w.!%*+`'~-]+$/.test(name) && !/\p{Cc}/u.test(value)
    return plain && !OWN_FIELDS.includes(name.toLowerCase()) ? [[name, value] as [string, string]] : []
  })
}

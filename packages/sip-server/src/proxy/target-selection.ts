import type { Instant } from '@offhook/sip-machine'
import { uriEquals } from '@offhook/sip-parser'
import type { SipUri } from '@offhook/sip-parser'
import type { Directory } from '../directory.js'
import { isSipUri } from '../domains.js'
import type { Domains } from '../domains.js'
import type { Binding } from '../location/binding.js'
import { andThen } from '../maybe-promise.js'
import type { MaybePromise } from '../maybe-promise.js'
import type { Reply } from '../reply.js'
import { isDialable } from './forward-target.js'
import type { ForwardTarget } from './forward-target.js'
import type { RoutedRequest } from './route-processing.js'

export interface SelectionFacts {
  readonly domains: Domains
  readonly directory: Directory
  /** Whether requests may be relayed to that next hop, which is not ours. */
  readonly mayRelay: (nextHop: SipUri) => boolean
  /** Whether a named flow still leads to its peer, and whether it is secured. */
  readonly flowState: (flow: string) => 'secure' | 'plain' | 'gone'
}

export type Selection = { readonly targets: readonly ForwardTarget[] } | { readonly reply: Reply }

const allow = [['Allow', 'REGISTER, OPTIONS']] as const

/** Where a request goes (RFC 3261 §16.5): down the dialog's flow, to a user's devices, to a domain that may be relayed to, or nowhere. */
export function selectTargets(now: Instant, { request, token }: RoutedRequest, facts: SelectionFacts): MaybePromise<Selection> {
  const uri = request.requestUri
  if (!isSipUri(uri)) return { reply: { statusCode: 416 } }
  if (token !== undefined) return { targets: [{ uri, path: [], flow: token.flow, dialable: isDialable(uri), kind: 'dialog' }] }
  const [route] = request.route
  const foreign = route === undefined ? facts.domains.foreignHopOf(uri) : route.uri
  if (foreign !== undefined) {
    if (!isSipUri(foreign) || !facts.mayRelay(foreign)) return { reply: { statusCode: 403, reasonPhrase: 'Relaying Denied' } }
    return { targets: [{ uri, path: [], flow: undefined, dialable: true, kind: 'relay' }] }
  }
  if (uri.user === undefined) {
    return { reply: request.method === 'OPTIONS' ? { statusCode: 200, headers: [...allow, ['Supported', 'path, outbound']] } : { statusCode: 405, headers: allow } }
  }
  return andThen(facts.directory.lookup(now, uri), (found): Selection => {
    if (found.kind === 'unknown') return { reply: { statusCode: 404 } }
    if (found.kind === 'offline') return { reply: { statusCode: 480 } }
    const targets = targetsOf(found.bindings, uri.scheme === 'sips', facts)
    return targets.length === 0 ? { reply: { statusCode: 480 } } : { targets }
  })
}

/** No target twice; none that cannot be reached; under SIPS none that is not secured all the way (RFC 3261 §26.2.2). */
function targetsOf(bindings: readonly Binding[], secure: boolean, facts: SelectionFacts): readonly ForwardTarget[] {
  const targets: ForwardTarget[] = []
  for (const { uri, path, flow, dialable } of bindings) {
    const state = flow === undefined ? undefined : facts.flowState(flow)
    if (state === 'gone' && !dialable) continue
    if (secure && (state === undefined || state === 'gone' ? uri.scheme !== 'sips' : state !== 'secure')) continue
    if (targets.some((target) => target.flow === flow && uriEquals(target.uri, uri))) continue
    const target = secure && uri.scheme === 'sip' ? uri.with({ scheme: 'sips' }) : uri
    targets.push({ uri: target, path, flow: path.length > 0 ? undefined : flow, dialable, kind: 'user' })
  }
  return targets
}

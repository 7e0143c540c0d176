import type { SipUri, Uri } from '@offhook/sip-parser'

/** Where one copy of a request goes (RFC 3261 §16.5). */
export interface ForwardTarget {
  /** The new Request-URI. */
  readonly uri: Uri
  /** Route values to go ahead of the request's own: the Path of a binding (RFC 3327 §5.4). */
  readonly path: readonly string[]
  /** The flow to send on; without it, or when it is gone and there is another way, the next hop is dialled. */
  readonly flow: string | undefined
  /** May the next hop be dialled? Not for a client that is reached over its own connection only. */
  readonly dialable: boolean
  /** `user`: a binding of a user of ours; `dialog`: what a Record-Route of ours leads to; `relay`: another domain. */
  readonly kind: 'user' | 'dialog' | 'relay'
}

/** Whether a request could be brought to this contact by dialling: not into a browser, not to a name that cannot exist (RFC 7118 §5). */
export function isDialable(uri: SipUri): boolean {
  return uri.transport !== 'ws' && uri.transport !== 'wss' && !uri.host.toLowerCase().endsWith('.invalid')
}

import { legible } from '@offhook/sip-parser'
import type { NameAddr, SipMessage } from '@offhook/sip-parser'
import { pAssertedIdentity } from '@offhook/sip-parser/headers'
import type { Flow } from '@offhook/sip-transport'
import type { Extension } from '../call/extension.js'
import { CallsById } from './calls-by-id.js'

/** Whose word is taken. */
export interface AssertedIdentityOptions {
  /** Whether the sender of a message is in our trust domain; anybody can write the field (RFC 3325 §5). Only the application knows. */
  readonly trusts: (message: SipMessage, flow: Flow) => boolean
}

/**
 * Takes who the far end is from the network that vouches for it: `call.remote.asserted` (RFC 3325 §9.1), kept up to date by
 * re-INVITEs, UPDATEs and their answers.
 *
 * @example assertedIdentity({ trusts: (_message, flow) => flow.remote.host === '192.0.2.1' })
 */
export function assertedIdentity({ trusts }: AssertedIdentityOptions): Extension {
  const calls = new CallsById()
  const vouched = new WeakMap<SipMessage, readonly NameAddr[]>()
  return {
    heard(message, flow) {
      const { headers, callId } = message
      if (!headers.has(pAssertedIdentity.name) || !trusts(message, flow)) return
      const identities = legible(() => headers.read(pAssertedIdentity))
      if (identities === undefined) return
      vouched.set(message, identities)
      const call = calls.find(callId)
      if (call !== undefined) call.asserted = identities
    },
    began: (call) => calls.add(call),
    invited(call, { request }) {
      call.asserted = vouched.get(request)
      return false
    },
  }
}

import type { RandomSource } from '@offhook/sip-machine'
import { legible } from '@offhook/sip-parser'
import type { SipMessage } from '@offhook/sip-parser'
import { SessionId, sessionId } from '@offhook/sip-parser/headers'
import type { Extension } from '../call/extension.js'
import { Recent } from '../recent.js'

/** How many communication sessions are remembered: their calls, and what is asked outside of calls. */
const LIMIT = 10_000

/** One communication session: our half, and that of each peer by its tag. */
interface Halves {
  readonly local: string
  readonly remotes: Map<string, string>
}

/** What {@link sessionIds} gives. */
export interface SessionIds extends Extension {
  /** The identifier of a call as this side sends it, by its Call-ID: our half first, then the peer's, `undefined` while that is not known. */
  of(callId: string): { readonly local: string; readonly remote: string | undefined } | undefined
}

/**
 * Gives every message an identifier of the session from end to end, which back-to-back user agents leave alone (RFC 7989 §6).
 *
 * @example new UserAgent({ identity, extensions: [sessionIds()] })
 */
export function sessionIds(): SessionIds {
  const known = new Recent<Halves>(LIMIT)
  let random: RandomSource | undefined
  const halvesOf = (callId: string): Halves => {
    const halves = known.get(callId) ?? { local: uuid(random), remotes: new Map<string, string>() }
    known.set(callId, halves)
    return halves
  }
  return {
    attach({ host }) {
      random = host.signalling.random
    },
    dress(message) {
      if (message.headers.has(sessionId.name)) return
      const { local, remotes } = halvesOf(message.callId)
      const peer = message.kind === 'request' ? message.to.tag : message.from.tag
      message.headers.append(sessionId.name, SessionId.of(local, remotes.get(peer ?? '') ?? SessionId.nil).toString())
    },
    heard(message) {
      const peer = peerTagOf(message)
      const said = peer === undefined || !message.headers.has(sessionId.name) ? undefined : legible(() => message.headers.read(sessionId)[0]?.local)
      // What is not there, or is nothing, changes nothing.
      if (peer !== undefined && said !== undefined && said !== SessionId.nil) halvesOf(message.callId).remotes.set(peer, said)
    },
    of(callId) {
      const halves = known.get(callId)
      return halves && { local: halves.local, remote: [...halves.remotes.values()].at(-1) }
    },
  }
}

function peerTagOf(message: SipMessage): string | undefined {
  return message.kind === 'request' ? message.from.tag : message.to.tag
}

/** A random UUID without hyphens (RFC 7989 §4.1, RFC 4122 §4.4). */
function uuid(random: RandomSource | undefined): string {
  const octets = new Uint8Array(16)
  random?.fill(octets)
  return Array.from(octets, (octet, index) => (index === 6 ? (octet & 0x0f) | 0x40 : index === 8 ? (octet & 0x3f) | 0x80 : octet).toString(16).padStart(2, '0')).join('')
}

import type { SipMessage } from '@offhook/sip-parser'
import type { TraceRecord } from '@offhook/sip-transport'

/**
 * What the actors send, each message once however often it is repeated: `a:INVITE+` is an INVITE of alice with a body, `b:200+`
 * bob's answer. A method in a dialog has a prefix where it could be mistaken: `re-INVITE`. 100 is left out, as it depends on time.
 */
export class Wire {
  readonly #seen = new Set<string>()
  readonly #tokens: string[] = []
  #size = 0

  /** Watches an actor. */
  watch(actor: string): (record: TraceRecord) => void {
    return ({ direction, message }) => {
      if (direction === 'sent') this.#add(actor, message)
    }
  }

  /** How many messages went, repetitions counted. */
  get size(): number {
    return this.#size
  }

  toString(): string {
    return this.#tokens.join(' ')
  }

  #add(actor: string, message: SipMessage): void {
    this.#size++
    if (message.kind === 'response' && message.statusCode === 100) return
    const token = `${actor.slice(0, 1)}:${nameOf(message)}${message.body.length > 0 ? '+' : ''}`
    const key = `${token} ${message.via.branch ?? ''} ${message.to.tag ?? ''} ${message.callId} ${message.cseq.toString()} ${message.headers.get('RSeq') ?? ''}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#tokens.push(token)
  }
}

function nameOf(message: SipMessage): string {
  if (message.kind === 'response') return String(message.statusCode)
  return message.method === 'INVITE' && message.to.tag !== undefined ? 're-INVITE' : message.method
}

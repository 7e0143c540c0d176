import type { Signer } from '@offhook/sip-auth'

/** What a signed user part says: the flow to send down, if there is one. */
export interface RouteToken {
  readonly flow: string | undefined
}

const none = 'n'

/**
 * The user part of this server's Record-Route URIs: which flow leads to the peer on that side, signed together with
 * the Call-ID (RFC 5626 §5.3). It proves that the dialog was set up through here: without one, a Route is a stranger's.
 */
export class RouteTokens {
  readonly #signer: Signer

  constructor(signer: Signer) {
    this.#signer = signer
  }

  /** A user part for the flow of that name, good within the dialogs of this Call-ID. */
  issue(flow: string | undefined, callId: string): string {
    const name = flow ?? none
    return `${name}.${this.#signer.sign(`${name}\n${callId}`)}`
  }

  /** Reads a user part back; `undefined` when it was not issued here for this Call-ID. */
  read(user: string, callId: string): RouteToken | undefined {
    const dot = user.lastIndexOf('.')
    if (dot < 1) return undefined
    const name = user.slice(0, dot)
    if (!this.#signer.verify(`${name}\n${callId}`, user.slice(dot + 1))) return undefined
    return { flow: name === none ? undefined : name }
  }
}

import type { Uri } from '@offhook/sip-parser'
import { SessionError } from '../errors.js'
import type { PublishedState } from '../publication/publisher.js'
import { targetUri } from '../call/call-target.js'
import type { ExtendedAgent, Extension } from '../call/extension.js'
import { OutgoingPublication } from './outgoing-publication.js'
import type { Publication, PublishOptions } from './outgoing-publication.js'

/** The feature that publishes what we are doing (RFC 3903). One object serves one agent. */
export class Publications implements Extension {
  #agent: ExtendedAgent | undefined
  #publications: readonly OutgoingPublication[] = []

  attach(agent: ExtendedAgent): void {
    if (this.#agent !== undefined) throw new SessionError('wrong-state', 'One extension serves one user agent.')
    this.#agent = agent
  }

  /**
   * Publishes event state for our address of record, or for another that we may speak for, and keeps it there.
   *
   * @throws {SessionError} `missing-extension` when no agent has this extension, `bad-target`
   *
   * @example
   * const publication = publishing.publish('presence', { contentType: 'application/pidf+xml', body: pidf })
   */
  publish(event: string, state: PublishedState, options: PublishOptions & { readonly target?: string | Uri } = {}): Publication {
    if (this.#agent === undefined) throw new SessionError('missing-extension', 'No user agent was made with this extension.')
    const { target = this.#agent.host.identity.uri, ...rest } = options
    const publication = new OutgoingPublication(this.#agent, targetUri(target, this.#agent.host.identity.uri), event, rest)
    this.#publications = [...this.#publications, publication]
    void publication.ended.then(() => (this.#publications = this.#publications.filter((other) => other !== publication)))
    void publication.update(state)
    return publication
  }

  closed(): void {
    for (const publication of this.#publications) publication.finish({ ok: false, status: 0, reason: 'The user agent was closed.' })
  }
}

/** Makes the feature that publishes. @example new UserAgent({ identity, extensions: [publications()] }) */
export function publications(): Publications {
  return new Publications()
}

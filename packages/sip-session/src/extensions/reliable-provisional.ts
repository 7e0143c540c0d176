import { ReliableResponses } from '../session/reliable-responses.js'
import { listsToken } from '../session/listed-token.js'
import type { Extension } from '../call/extension.js'

/** How provisional responses are made reliable. */
export interface ReliableProvisionalOptions {
  /**
   * `supported` (unless told): our 101 to 199 go reliably to callers that can take it. `required`: of callees we require it, and
   * callers that cannot get 421. `none`: neither as caller nor as callee; a caller that requires it gets 420.
   */
  readonly mode?: 'supported' | 'required' | 'none'
}

/**
 * Reliable provisional responses of ours, each acknowledged by a PRACK, and with them offers and answers before the call is taken
 * (RFC 3262). What callees send reliably every agent acknowledges, unless `mode` is `none`.
 *
 * @example
 * new UserAgent({ …, extensions: [reliableProvisional()] })
 */
export function reliableProvisional({ mode = 'supported' }: ReliableProvisionalOptions = {}): Extension {
  if (mode === 'none') return { withdrawn: ['100rel'] }
  const extension: Extension = { supported: ['100rel'], allow: ['PRACK'], usage: () => new ReliableResponses() }
  if (mode === 'supported') return extension
  return {
    ...extension,
    dress(message) {
      const first = message.kind === 'request' && message.method === 'INVITE' && message.to.tag === undefined
      if (first && !listsToken(message, 'Require', '100rel')) message.headers.append('Require', '100rel')
    },
    refuse: (request) => (request.method !== 'INVITE' || request.to.tag !== undefined || listsToken(request, 'Supported', '100rel') || listsToken(request, 'Require', '100rel')
      ? undefined
      : { statusCode: 421, headers: [['Require', '100rel']] }),
  }
}

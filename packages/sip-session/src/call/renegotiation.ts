import type { Signalling } from '../signalling/signalling.js'
import type { CallMedia } from './call-media.js'
import type { DialogSession } from './dialog-session.js'
import { textOf } from './operation.js'
import type { OwnedRequest } from '../signalling/owned-request.js'

/** The call whose media are agreed anew. */
export interface NegotiatedCall {
  readonly host: { readonly signalling: Signalling }
  readonly media: CallMedia
  readonly localHold: boolean
  checkRemoteHold(): void
}

/** Answers a re-INVITE or an UPDATE of the peer that says something of the media: an offer, or that it wants ours. */
export function renegotiate(call: NegotiatedCall, session: DialogSession, owned: OwnedRequest): void {
  const { media, host } = call
  const { offer } = owned
  if (media.handler === undefined) return repeatDescription(session, owned)
  const described = media.exchange(async () => {
    const wish = { hold: call.localHold }
    await media.settle()
    return offer === undefined ? media.createOffer(wish) : media.answerOffer(offer, wish)
  })
  host.signalling.follow(
    described,
    (description) => {
      owned.accept(description)
      call.checkRemoteHold()
    },
    (error) => {
      void media.rollback().catch(() => undefined)
      owned.reject({ statusCode: statusOf(error), headers: { Warning: `399 offhook "${textOf(error).replace(/["\\\p{Cc}]/gu, ' ')}"` } })
    },
  )
}

/** Without a media engine nothing can be agreed anew; a re-INVITE that asks for our offer gets what is in force. */
function repeatDescription(session: DialogSession, owned: OwnedRequest): void {
  if (owned.offer !== undefined) return owned.reject()
  owned.accept(session.usage.negotiation.ownDescription)
}

/** What the media engine wants the peer told, where it says so: 415 for a description that it cannot read; else 488 (RFC 3261 §21.4.26). */
function statusOf(error: unknown): number {
  const status = Math.trunc(Number((Object(error) as { readonly statusCode?: unknown }).statusCode))
  return status >= 400 && status <= 606 ? status : 488
}

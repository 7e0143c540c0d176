import { Call } from '../call/call.js'
import type { ExtendedCall } from '../call/extension.js'

/**
 * The new call is taken at once, for its caller takes part in the conversation already, and the old one ends when it has been
 * (RFC 3891 §3). Where the new one cannot be taken, the old one stays as it is.
 */
export function takeOver(call: ExtendedCall, old: ExtendedCall): void {
  const { signalling } = call.host
  call.replaces = old
  call.rang = true
  signalling.follow(old.ended, () => (call.replaces = undefined))
  signalling.follow(call.answered, ({ answered }) => {
    if (!answered || old.isOver) return
    old.replacedBy = call
    old.events.emit('replaced')
    void old.leave({}, { by: 'remote', cause: 'replaced', reason: 'Another call took the place of this one.' })
  })
  // When the application has heard of it. Without a media engine it answers by itself.
  signalling.run(() => {
    const { face } = call
    if (!(face instanceof Call) || face.media === undefined || call.isOver) return
    signalling.follow(face.answer(), ({ ok }) => {
      if (!ok && !call.isOver) call.refuse(488, undefined, {})
    })
  })
}

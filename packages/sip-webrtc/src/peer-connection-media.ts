import type { SessionDescriptionHandlerFactory } from '@offhook/sip-session'
import { PeerConnectionDescriptionHandler, type PeerConnectionMediaOptions } from './peer-connection-description-handler.js'

/** What a `UserAgent` takes as `media`: gives each call a peer connection of its own. */
export function peerConnectionMedia(options: PeerConnectionMediaOptions = {}): SessionDescriptionHandlerFactory {
  return (context) => new PeerConnectionDescriptionHandler(context, options)
}

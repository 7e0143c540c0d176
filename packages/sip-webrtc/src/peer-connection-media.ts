import type { SessionDescriptionHandlerFactory } from '@offhook/sip-session'
import { PeerConnectionDescriptionHandler } from './peer-connection-description-handler.js'
import type { PeerConnectionMediaOptions } from './peer-connection-media-options.js'

/** What a `UserAgent` takes as `media`: gives each call a peer connection of its own. `attach` is told of each, to listen to its events. */
export function peerConnectionMedia(options: PeerConnectionMediaOptions = {}, attach?: (media: PeerConnectionDescriptionHandler) => void): SessionDescriptionHandlerFactory {
  return (context) => {
    const media = new PeerConnectionDescriptionHandler(context, options)
    attach?.(media)
    return media
  }
}

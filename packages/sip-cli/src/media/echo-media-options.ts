import type { LocalAddresses } from './rtp-socket.js'

/** How the media of the command line behaves. */
export interface EchoMediaOptions {
  /** Plays a tone of so many Hz (PCMU or PCMA) instead of giving back what is heard. */
  readonly tone?: number
  /** The host that offers of ours go to: it decides which of our addresses they name. 127.0.0.1 when absent. */
  readonly towards?: string
  /** Names of the codecs of plain RTP to offer and take, in this order: PCMU, PCMA, G722, opus. All when absent. */
  readonly codecs?: readonly string[]
}

/** What every call of one user agent shares. */
export interface EchoMediaSurroundings extends EchoMediaOptions {
  readonly addresses: LocalAddresses
}

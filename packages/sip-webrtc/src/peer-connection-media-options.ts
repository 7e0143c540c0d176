import type { GatherPolicy, GatherReport } from './gathering.js'
import type { IceConfiguration } from './ice-configuration.js'
import type { MediaInput } from './local-input.js'
import type { MediaKind } from './local-tracks.js'
import type { MediaError } from './media-error.js'
import type { MediaPlatform } from './platform.js'

/** What the media side of a call is made of. */
export interface PeerConnectionMediaOptions extends MediaPlatform {
  /** Configuration of the peer connection: `iceServers`, `iceTransportPolicy`, `bundlePolicy`…; a function is asked for each connection and each ICE restart. */
  readonly configuration?: IceConfiguration | undefined
  /** Our sound and picture. Default: the default microphone. */
  readonly input?: MediaInput | undefined
  readonly gather?: Partial<GatherPolicy> | undefined
  /** Whether addresses are gathered while a call rings here. Default true. */
  readonly preGather?: boolean | undefined
  /** Whether the peer's picture is taken though we send none. Default false. */
  readonly receiveVideo?: boolean | undefined
  /** Told of each transceiver before each description: codec preferences, bandwidth. */
  readonly prepare?: ((transceiver: RTCRtpTransceiver) => void) | undefined
  /** Changes a description of ours on its way to the peer; the browser keeps its own. */
  readonly modifyLocal?: ((sdp: string) => string) | undefined
  /** Changes the peer's description before the browser gets it. */
  readonly modifyRemote?: ((sdp: string) => string) | undefined
}

/** The events of a call's media and what their listeners get. */
export interface MediaEvents {
  /** The call goes through this connection from now on: the first one, or that of the phone which answered. */
  connection: [connection: RTCPeerConnection]
  /** A description of the peer's was applied to one of the connections. */
  'remote-description': [sdp: string, connection: RTCPeerConnection]
  /** The peer's first track is there. The stream stays the same for the whole call. */
  'remote-stream': [stream: MediaStream]
  /** Tracks of the peer came or went: a picture, another phone. */
  'remote-tracks': [stream: MediaStream]
  /** The peer holds our sound or picture, or lets it go. */
  'remote-hold': [kind: MediaKind, held: boolean]
  /** A track of ours was added, replaced, dropped, muted or unmuted. */
  'local-tracks': []
  /** A description has waited for its addresses. */
  gathered: [report: GatherReport]
  /** An offer and its answer are in force. */
  agreed: []
  /** The function that brings TURN credentials failed; the call goes on without. */
  'servers-failed': [error: MediaError]
  /** The call is over; its connection can still be read. */
  closing: []
  closed: []
}

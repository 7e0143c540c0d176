// A telephone in a few lines
export { type CallFeature, type CallFeatures, type CallParts, Softphone, type SoftphoneOptions } from './softphone.js'
export { type DeviceList, Devices } from './devices.js'
export type { AudioTarget } from './audio-output.js'
export { MediaError, type MediaErrorCode } from './media-error.js'

// The media side alone, for a user agent of your own
export { PeerConnectionDescriptionHandler } from './peer-connection-description-handler.js'
export type { MediaEvents, PeerConnectionMediaOptions } from './peer-connection-media-options.js'
export type { IceConfiguration } from './ice-configuration.js'
export type { MediaKind } from './local-tracks.js'
export { peerConnectionMedia } from './peer-connection-media.js'
export type { GatherPolicy, GatherReport } from './gathering.js'
export type { MediaInput } from './local-input.js'
export type { MediaPlatform, PeerConnectionConstructor, Timers } from './platform.js'

// What a softphone's methods take and give
export { RegistrationError } from '@offhook/sip-session'
export type {
  AnswerOutcome, Call, CallEnd, CallEndCause, CallOptions, CallState, OperationOutcome, RegisterOptions, Registration, RegistrationState, UserAgent, UserAgentEvents, UserAgentOptions,
} from '@offhook/sip-session'

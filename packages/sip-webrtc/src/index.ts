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

// How a call is: reports, problems, a diagnosis at its end
export { CallHealth, callHealth, type CallHealthEvents, type CallHealthOptions, type WatchedCall, type WatchedMedia } from './quality/call-health.js'
export { type CallDiagnosis, textOfDiagnosis } from './quality/call-diagnosis.js'
export type { Course } from './quality/course.js'
export type { HealthProblem, HealthProblemName } from './quality/health-problem.js'
export type { InboundQuality, NetworkPath, OutboundQuality, PathEnd, QualityReport } from './quality/quality-report.js'
export { type Impairment, type ListeningConditions, mosOf, ratingOf } from './quality/e-model.js'
export { VOICE_QUALITY_TYPE, voiceQualityReport, type VoiceQualityReportOptions } from './quality/voice-quality-report.js'

// What calls can do besides, by import
export { CallVideo, callVideo } from './features/call-video.js'
export { ScreenShare, screenShare } from './features/screen-share.js'
export { ToneDetection, toneDetection, type ToneDetectionOptions } from './features/tone-detection.js'
export { IceRecovery, iceRecovery, type IceRecoveryOptions } from './features/ice-recovery.js'
export { type DeviceEvents, DeviceWatch } from './features/device-watch.js'
export { type CodecPreferenceOptions, preferCodecs } from './features/prefer-codecs.js'
export { type BandwidthLimits, type BandwidthOptions, limitBandwidth } from './features/limit-bandwidth.js'
export { Conference, type ConferenceOptions } from './sound/conference.js'
export { type MeteredSource, VolumeMeter } from './sound/volume-meter.js'
export { trickleIce, type TrickleIceFeature, type TrickleIceOptions } from './trickle/trickle-ice.js'
export type { CallTrickle, TrickleReport } from './trickle/call-trickle.js'

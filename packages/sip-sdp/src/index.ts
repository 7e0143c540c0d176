// The model, reading and printing it (RFC 8866)
export type { Attribute, Bandwidth, Connection, MediaDescription, Origin, OtherLine, Section, SessionDescription, TimeDescription } from './session-description.js'
export { parseSessionDescription } from './parse-session-description.js'
export { serializeSessionDescription } from './serialize-session-description.js'
export { DEFAULT_SDP_LIMITS, type SdpLimits } from './limits.js'
export { SdpError, type SdpErrorCode } from './sdp-error.js'
export type { Result } from './result.js'

// Typed readings of attributes
export { attributeOf, attributesOf, connectionOf, groupsOf, type MediaGroup, midOf, ptimeOf, rtcpMux } from './section.js'
export { type Codec, type CodecName, codecsOf, isAuxiliary, isSameCodec } from './codec.js'
export { type Direction, directionOf, intersectDirections, receives, reverseDirection, sends } from './direction.js'
export { type IceCandidate, parseIceCandidate, serializeIceCandidate, type TcpType } from './ice-candidate.js'
export { type IceParts, icePartsOf } from './ice.js'
export { fingerprintOf, setupOf } from './dtls.js'
export type { Fingerprint, Setup } from './attributes/dtls-fields.js'

// Candidates in INFO requests (RFC 8840)
export { SDP_FRAGMENT_TYPE, type SdpFragment } from './sdp-fragment.js'
export { parseSdpFragment } from './parse-sdp-fragment.js'
export { serializeSdpFragment } from './serialize-sdp-fragment.js'
export { createSdpFragment } from './create-sdp-fragment.js'
export { TrickledCandidates, type TrickledStream } from './trickled-candidates.js'

// Offer and answer (RFC 3264)
export { type Agreement, type DescriptionOptions, OfferAnswer } from './offer-answer.js'
export type { Capabilities, CodecCapability, CryptoCapability, MediaCapability } from './capabilities.js'
export { type AnswerOptions, answerOffer } from './answer-offer.js'
export { createOffer, type OfferOptions } from './create-offer.js'
export { createCapabilities } from './create-capabilities.js'
export { PayloadTypes } from './payload-types.js'
export { holdOffer, type HoldOptions, resumeOffer, withDirection } from './hold.js'
export { negotiatedStreams, type NegotiatedStream } from './negotiated-stream.js'
export type { AgreedCrypto } from './protection.js'
export type { Crypto, CryptoKey } from './attributes/crypto.js'
export { isSameDescription, nextVersion } from './version.js'

// Typed readings of attributes: `readAttribute(media, rtcp)`
export { type AttributeField, readAttribute, readAttributes, writeAttribute } from './attribute-field.js'
export { type FormatParameters, fmtp, rtcpFb, type RtcpFeedback, rtpmap, type RtpMap } from './payload-fields.js'
export { type ExtensionMap, extmap } from './extension-map.js'
export {
  content, group, label, type MediaStreamId, mid, msid, type SourceAttribute, type SourceGroup, ssrc, ssrcGroup, type StreamGroup,
} from './stream-fields.js'
export { type Rid, rid, type RidDirection } from './rid.js'
export { type Simulcast, simulcast, type SimulcastEncoding } from './simulcast.js'
export {
  bundleOnly, extmapAllowMixed, framerate, maxMessageSize, maxptime, ptime, rtcp, type RtcpAddress, rtcpMux, rtcpMuxOnly, rtcpRsize, sctpPort,
} from './transport-fields.js'
export { type Crypto, crypto, type CryptoKey } from './crypto.js'
export { connection, type Fingerprint, fingerprint, type Setup, setup, tlsId } from './dtls-fields.js'
export {
  candidate, endOfCandidates, iceLite, iceMismatch, iceOptions, icePacing, icePwd, iceUfrag, type RemoteCandidate, remoteCandidates,
} from './ice-fields.js'
export { type IceCandidate, type TcpType } from '../ice-candidate.js'
export { attributeFields } from './attribute-field-list.js'

// What the `a=fmtp` of a codec means: `readFormat(codec, opus)`
export { type FormatField, readFormat } from '../formats/format-field.js'
export { parametersOf } from '../formats/format-parameters.js'
export { amr, type AmrFormat, opus, type OpusFormat, red, type RedundancyFormat, telephoneEvent, type TelephoneEventFormat } from '../formats/audio-formats.js'
export { av1, type Av1Format, h264, type H264Format, type RetransmissionFormat, rtx, vpx, type VpxFormat } from '../formats/video-formats.js'
export { type ProfileLevel } from '../formats/h264-profile.js'

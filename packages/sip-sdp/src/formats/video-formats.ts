import { bit, type FormatField, formatField, type Parameter, whole } from './format-field.js'
import { parseProfileLevel, type ProfileLevel, serializeProfileLevel } from './h264-profile.js'

/** What a stream of H.264 is to look like (RFC 6184 §8.1). */
export interface H264Format {
  readonly profileLevel: ProfileLevel
  /** 0 single NAL unit, 1 non-interleaved, 2 interleaved. */
  readonly packetizationMode: number
  /** Whether each direction may have a level of its own. */
  readonly levelAsymmetryAllowed: boolean
  /** Macroblocks per second. */
  readonly maxMbps: number | undefined
  /** Macroblocks per frame. */
  readonly maxFs: number | undefined
  /** 1000 bits per second. */
  readonly maxBr: number | undefined
  /** Parameter sets in base64, with commas between. */
  readonly parameterSets: string | undefined
}

const profileLevelId: Parameter<ProfileLevel> = { name: 'profile-level-id', read: parseProfileLevel, write: serializeProfileLevel }

/** `a=fmtp` of `H264` (RFC 6184 §8.1). */
export const h264: FormatField<H264Format> = formatField<H264Format>(['h264'], 'RFC 6184 §8.1', {
  levelAsymmetryAllowed: bit('level-asymmetry-allowed'), packetizationMode: whole('packetization-mode', 0, 2), profileLevel: profileLevelId,
  maxMbps: whole('max-mbps', undefined), maxFs: whole('max-fs', undefined), maxBr: whole('max-br', undefined),
  parameterSets: { name: 'sprop-parameter-sets', read: (text) => text, write: (value) => value },
})

/** What a receiver of VP8 or VP9 can decode (RFC 7741 §6.1, RFC 9628 §7.1). */
export interface VpxFormat {
  /** Frames per second. */
  readonly maxFrameRate: number | undefined
  /** Macroblocks of 16 × 16 pixels in a frame. */
  readonly maxFrameSize: number | undefined
  /** VP9's profile; 0 for VP8. */
  readonly profileId: number
}

/** `a=fmtp` of `VP8` and `VP9` (RFC 7741 §6.1, RFC 9628 §7.1). */
export const vpx: FormatField<VpxFormat> = formatField<VpxFormat>(['vp8', 'vp9'], 'RFC 9628 §7.1', {
  profileId: whole('profile-id', 0, 3), maxFrameRate: whole('max-fr', undefined), maxFrameSize: whole('max-fs', undefined),
})

/** What a receiver of AV1 can decode, as the Alliance for Open Media's RTP payload format has it (§7.2). */
export interface Av1Format {
  readonly profile: number
  /** Default 5: level 3.1. */
  readonly levelIndex: number
  readonly tier: number
}

/** `a=fmtp` of `AV1`, of AOM's "RTP Payload Format for AV1". */
export const av1: FormatField<Av1Format> = formatField<Av1Format>(['av1'], 'AV1 RTP §7.2', {
  levelIndex: whole('level-idx', 5, 31), profile: whole('profile', 0, 2), tier: whole('tier', 0, 1),
})

/** What a retransmission repeats (RFC 4588 §8.1). */
export interface RetransmissionFormat {
  /** The payload type that is repeated. */
  readonly payloadType: number | undefined
  /** Milliseconds that a packet is kept. */
  readonly time: number | undefined
}

/** `a=fmtp` of `rtx` (RFC 4588 §8.1). */
export const rtx: FormatField<RetransmissionFormat> = formatField<RetransmissionFormat>(['rtx'], 'RFC 4588 §8.1', {
  payloadType: whole('apt', undefined, 127), time: whole('rtx-time', undefined),
})

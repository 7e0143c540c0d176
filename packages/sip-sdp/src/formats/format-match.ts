import { h264 } from './video-formats.js'
import { isSameProfile, withLowerLevel } from './h264-profile.js'
import { parametersOf } from './format-parameters.js'

type SymmetricParameters = readonly (readonly [name: string, otherwise: string])[]

/** RFC 4867 §8.3.1 */
const AMR: SymmetricParameters = [['octet-align', '0'], ['crc', '0'], ['robust-sorting', '0'], ['interleaving', ''], ['mode-set', '']]

/** Parameters that must be the same in offer and answer, with what holds in their absence; the others each side declares for itself. */
const SYMMETRIC: ReadonlyMap<string, SymmetricParameters> = new Map<string, SymmetricParameters>([
  ['amr', AMR], ['amr-wb', AMR],
  // RFC 9628 §7.2, AV1 RTP §7.2.2, RFC 7798 §7.2.2, RFC 5577 §5
  ['vp9', [['profile-id', '0']]], ['av1', [['profile', '0']]],
  ['h265', [['profile-space', '0'], ['profile-id', '1'], ['tier-flag', '0'], ['tx-mode', 'SRST']]], ['g7221', [['bitrate', '']]],
])

/**
 * Whether two payload formats of one encoding can be answered to each other: what must be the same is the same.
 * For H.264 these are the profile and the packetization mode, its level is not (RFC 6184 §8.2.2).
 * @param encoding its name, in any case
 */
export function isSameFormat(encoding: string, one: string | undefined, other: string | undefined): boolean {
  const name = encoding.toLowerCase()
  if (name === 'h264') {
    const [ours, theirs] = [h264.read(one ?? ''), h264.read(other ?? '')]
    return ours.packetizationMode === theirs.packetizationMode && isSameProfile(ours.profileLevel, theirs.profileLevel)
  }
  const symmetric = SYMMETRIC.get(name)
  if (symmetric === undefined) return true
  const [ours, theirs] = [parametersOf(one), parametersOf(other)]
  return symmetric.every(([parameter, otherwise]) => (ours.get(parameter) ?? otherwise) === (theirs.get(parameter) ?? otherwise))
}

/**
 * What an answer says of a format: ours, or the offer's when we have nothing to say. Where H.264's two sides do not
 * both allow levels of their own, the answer has the lower one (RFC 6184 §8.2.2).
 */
export function answeredFormat(encoding: string, offered: string | undefined, ours: string | undefined): string | undefined {
  if (ours === undefined || offered === undefined || encoding.toLowerCase() !== 'h264') return ours ?? offered
  const [theirFormat, ourFormat] = [h264.read(offered), h264.read(ours)]
  if (theirFormat.levelAsymmetryAllowed && ourFormat.levelAsymmetryAllowed) return ours
  const text = h264.write({ profileLevel: withLowerLevel(ourFormat.profileLevel, theirFormat.profileLevel) })
  const others = ours.split(';').filter((parameter) => !/^\s*profile-level-id\s*=/i.test(parameter) && parameter.trim() !== '')
  return [...others, text].join(';')
}

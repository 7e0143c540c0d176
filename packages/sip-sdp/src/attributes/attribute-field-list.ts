import type { AttributeField } from './attribute-field.js'
import { crypto } from './crypto.js'
import { connection, fingerprint, setup, tlsId } from './dtls-fields.js'
import { extmap } from './extension-map.js'
import { candidate, endOfCandidates, iceLite, iceMismatch, iceOptions, icePacing, icePwd, iceUfrag, remoteCandidates } from './ice-fields.js'
import { fmtp, rtcpFb, rtpmap } from './payload-fields.js'
import { rid } from './rid.js'
import { simulcast } from './simulcast.js'
import { content, group, label, mid, msid, ssrc, ssrcGroup } from './stream-fields.js'
import { bundleOnly, extmapAllowMixed, framerate, maxMessageSize, maxptime, ptime, rtcp, rtcpMux, rtcpMuxOnly, rtcpRsize, sctpPort } from './transport-fields.js'

/** Every attribute that this package has a type for, for tools; whoever imports it carries them all. */
export const attributeFields: readonly AttributeField<unknown>[] = [
  rtpmap, fmtp, rtcpFb, extmap, mid, group, msid, ssrc, ssrcGroup, rid, simulcast, rtcp, rtcpMux, rtcpMuxOnly, rtcpRsize, bundleOnly, extmapAllowMixed, crypto,
  fingerprint, setup, tlsId, connection, candidate, remoteCandidates, iceUfrag, icePwd, iceOptions, icePacing, iceLite, iceMismatch, endOfCandidates,
  ptime, maxptime, framerate, label, content, sctpPort, maxMessageSize,
] as readonly AttributeField<unknown>[]

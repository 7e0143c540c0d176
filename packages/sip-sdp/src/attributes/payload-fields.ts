import type { AttributeField } from './attribute-field.js'
import { headOf, payloadTypeOf, token, wholeNumber } from './words.js'

/** What a payload type stands for: one `a=rtpmap`. `codecsOf` gathers these with the two below. */
export interface RtpMap {
  /** 0 to 127. */
  readonly payloadType: number
  /** As written; compare without regard to case. */
  readonly encoding: string
  /** Hertz. */
  readonly clockRate: number
  /** The third part: channels, for audio. 1 when it is not written. */
  readonly channels: number
}

/** `a=rtpmap`: what a payload type stands for (RFC 8866 §6.6). */
export const rtpmap: AttributeField<RtpMap> = {
  name: 'rtpmap', section: 'RFC 8866 §6.6',
  read: (value) => {
    const [head, rest] = headOf(value)
    const payloadType = payloadTypeOf(head)
    const [encoding = '', rate, count, more] = rest.split('/', 4)
    const clockRate = wholeNumber(rate, 0xffff_ffff)
    const channels = count === undefined ? 1 : wholeNumber(count, 999)
    if (payloadType === undefined || !token.test(encoding) || clockRate === undefined || channels === undefined || channels === 0 || more !== undefined) return undefined
    return { payloadType, encoding, clockRate, channels }
  },
  write: ({ payloadType, encoding, clockRate, channels }) => `${payloadType} ${encoding}/${clockRate}${channels === 1 ? '' : `/${channels}`}`,
}

/** The parameters of one format: one `a=fmtp`. `readFormat` says what they mean for a codec. */
export interface FormatParameters {
  /** The format as its `m=` line has it. */
  readonly format: string
  readonly parameters: string
}

/** `a=fmtp`: parameters of a format (RFC 8866 §6.15). */
export const fmtp: AttributeField<FormatParameters> = {
  name: 'fmtp', section: 'RFC 8866 §6.15',
  read: (value) => {
    const [format, parameters] = headOf(value)
    return token.test(format) && parameters !== '' ? { format, parameters } : undefined
  },
  write: ({ format, parameters }) => `${format} ${parameters}`,
}

/** Feedback that the writer understands: one `a=rtcp-fb`. */
export interface RtcpFeedback {
  /** `*` means every one of the stream. */
  readonly payloadType: number | '*'
  /** `nack`, `ack`, `ccm`, `trr-int`, `transport-cc`, `goog-remb`… */
  readonly kind: string
  /** All behind the kind: `pli`, `fir`, `tmmbr smaxpr=120`. */
  readonly parameters?: string | undefined
}

/** `a=rtcp-fb`: RTCP feedback (RFC 4585 §4.2, RFC 5104 §7.1). */
export const rtcpFb: AttributeField<RtcpFeedback> = {
  name: 'rtcp-fb', section: 'RFC 4585 §4.2',
  read: (value) => {
    const [head, rest] = headOf(value)
    const [kind, parameters] = headOf(rest)
    const payloadType = head === '*' ? '*' : payloadTypeOf(head)
    if (payloadType === undefined || !token.test(kind)) return undefined
    return { payloadType, kind, parameters: parameters === '' ? undefined : parameters }
  },
  write: ({ payloadType, kind, parameters }) => `${payloadType} ${kind}${parameters === undefined ? '' : ` ${parameters}`}`,
}

import type { CodecCapability } from './capabilities.js'
import { type Codec, isAuxiliary, isSameCodec } from './codec.js'
import { answeredFormat, isSameFormat } from './formats/format-match.js'

/**
 * The offered codecs that are ours too, in the offer's order and under its payload types, with what the answer says of each (RFC 3264 §6.1).
 * None when they could only accompany a codec that is not ours.
 * @param choice `first` keeps the first codec alone, with what goes with it
 */
export function commonCodecs(offered: readonly Codec[], ours: readonly CodecCapability[], choice: 'all' | 'first'): readonly Codec[] {
  const common = offered.flatMap((codec) => {
    const own = ours.find((candidate) => isSameCodec(candidate, codec) && accepts(candidate, codec))
    if (own === undefined) return []
    const feedback = codec.feedback.filter((value) => own.feedback?.includes(value) === true)
    return [{ ...codec, fmtp: answeredFormat(codec.encoding, codec.fmtp, own.fmtp), feedback }]
  })
  const main = common.filter(({ encoding }) => !isAuxiliary(encoding)).slice(0, choice === 'first' ? 1 : undefined)
  // A stream of telephone events alone is one; events without the voice they go with are not.
  if (main.length === 0) return offered.every(({ encoding }) => isAuxiliary(encoding)) ? common : []
  const rates = new Set(main.map(({ clockRate }) => clockRate))
  const hasEvents = common.some((codec) => isTelephoneEvent(codec) && rates.has(codec.clockRate))
  const kept = common.filter((codec) => {
    if (!isAuxiliary(codec.encoding)) return main.includes(codec)
    // Events are of use with the clock of the voice they interrupt (RFC 4733 §2.5.1.2); a peer that only has others gets those.
    return rates.has(codec.clockRate) || (isTelephoneEvent(codec) && !hasEvents && choice === 'all')
  })
  const payloadTypes = new Set(kept.map(({ payloadType }) => String(payloadType)))
  return kept.filter(({ encoding, fmtp }) => encoding.toLowerCase() !== 'rtx' || payloadTypes.has(/^apt=(\d+)/.exec(fmtp ?? '')?.[1] ?? ''))
}

/** Whether the codec is named events: digits, as a rule. */
export function isTelephoneEvent({ encoding }: Pick<Codec, 'encoding'>): boolean {
  return encoding.toLowerCase() === 'telephone-event'
}

function accepts(candidate: CodecCapability, codec: Codec): boolean {
  if (candidate.accepts !== undefined) return candidate.accepts(codec)
  return candidate.fmtp === undefined || candidate.fmtp === '' || isSameFormat(codec.encoding, codec.fmtp, candidate.fmtp)
}

/** What stands beside a codec and not for one: comfort noise, telephone events, repair. */
const AUXILIARY = /\/(?:telephone-event|CN|red|rtx|ulpfec|flexfec-03)$/i

/** What to do with codecs that are not named. */
export interface CodecPreferenceOptions {
  /** Whether only the named ones are offered and taken. Default false: the others come after them. */
  readonly only?: boolean | undefined
}

/**
 * Puts codecs in the order given, as `prepare` of a softphone: `preferCodecs(['opus', 'PCMA', 'VP8'])`. Names are MIME subtypes
 * (RFC 3551, RFC 4855); kinds of which none is named stay as they are. What the browser does not know is passed over.
 */
export function preferCodecs(names: readonly string[], { only = false }: CodecPreferenceOptions = {}): (transceiver: RTCRtpTransceiver) => void {
  const ranks = new Map(names.map((name, index) => [name.toLowerCase(), index]))
  return (transceiver) => {
    const all = capabilitiesOf(transceiver.receiver.track.kind)
    const named = all.filter((codec) => ranks.has(subtypeOf(codec))).sort((one, other) => (ranks.get(subtypeOf(one)) ?? 0) - (ranks.get(subtypeOf(other)) ?? 0))
    if (named.length === 0) return
    const others = all.filter((codec) => !named.includes(codec) && (!only || AUXILIARY.test(codec.mimeType)))
    try {
      transceiver.setCodecPreferences([...named, ...others])
    } catch {
      // A browser that does not want this order keeps its own: a call without preferences is better than none.
    }
  }
}

function capabilitiesOf(kind: string): readonly RTCRtpCodec[] {
  return (globalThis as { RTCRtpReceiver?: { getCapabilities?(kind: string): RTCRtpCapabilities | null } }).RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? []
}

function subtypeOf({ mimeType }: RTCRtpCodec): string {
  return mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase()
}

/** Kilobits per second of each kind. */
export interface BandwidthLimits {
  readonly audio?: number | undefined
  readonly video?: number | undefined
}

/** What `limitBandwidth` gives a softphone's options. */
export interface BandwidthOptions {
  readonly prepare: (transceiver: RTCRtpTransceiver) => void
  readonly modifyLocal: (sdp: string) => string
}

/**
 * Options of a softphone that keep each stream within its limit: what we send, by the browser's encoder; what the peer sends, by
 * `b=AS` and `b=TIAS` in our descriptions (RFC 8866 §5.8, RFC 3890 §6.2). `new Softphone({ …, ...limitBandwidth({ audio: 32 }) })`
 */
export function limitBandwidth(limits: BandwidthLimits): BandwidthOptions {
  const limitOf = (kind: string): number | undefined => (kind === 'audio' || kind === 'video' ? limits[kind] : undefined)
  return {
    prepare: ({ sender, receiver }) => {
      const limit = limitOf(receiver.track.kind)
      const parameters = sender.getParameters()
      if (limit === undefined || parameters.encodings.length === 0) return
      for (const encoding of parameters.encodings) encoding.maxBitrate = limit * 1000
      // Refused between two descriptions; the next one asks again.
      sender.setParameters(parameters).catch(() => undefined)
    },
    modifyLocal: (sdp) =>
      sdp.split(/^(?=m=)/m).map((section) => {
        const limit = limitOf(/^m=(\w+)/.exec(section)?.[1] ?? '')
        // After the connection line, where the grammar has it (RFC 8866 §9).
        return limit === undefined ? section : section.replace(/^((?:m=.*\r?\n)(?:i=.*\r?\n)?(?:c=.*\r?\n)*)(?:b=.*\r?\n)*/, `$1b=AS:${limit}\r\nb=TIAS:${limit * 1000}\r\n`)
      }).join(''),
  }
}

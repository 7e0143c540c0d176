/** What comes in of one kind. Counters are of the whole call, rates and shares of the interval. */
export interface InboundQuality {
  /** MIME subtype, as `opus`; `''` before the first packet. */
  readonly codec: string
  /** RTP payload type. */
  readonly payloadType: number | undefined
  /** Samples per second. */
  readonly clockRate: number | undefined
  readonly ssrc: number | undefined
  readonly bytes: number
  readonly packets: number
  readonly lost: number
  /** Packets that came in the interval. */
  readonly newPackets: number
  /** Bits per second. */
  readonly bitrate: number
  /** Share of the packets lost, 0 to 1. */
  readonly loss: number
  /** Interarrival jitter in milliseconds (RFC 3550 §6.4.1). */
  readonly jitter: number
  /** Milliseconds that the jitter buffer holds sound back. */
  readonly bufferDelay: number
  /** Share of what is played that the browser made up for lost sound, 0 to 1. */
  readonly concealed: number
  /** Loudness, 0 to 1; for sound. */
  readonly level: number | undefined
  /** Frames decoded in the whole call; for pictures. */
  readonly frames: number | undefined
}

/** What goes out of one kind. */
export interface OutboundQuality {
  readonly codec: string
  readonly bytes: number
  readonly packets: number
  readonly newPackets: number
  readonly bitrate: number
  /** Loudness at the microphone, 0 to 1; for sound. */
  readonly level: number | undefined
  /** Share lost, jitter in milliseconds, as the peer's receiver reports them; undefined before it has. */
  readonly loss: number | undefined
  readonly jitter: number | undefined
  readonly frames: number | undefined
}

/** One end of the network path in use. */
export interface PathEnd {
  /** `host`, `srflx`, `prflx`, `relay`. */
  readonly type: string
  readonly protocol: string
  readonly address: string | undefined
  readonly port: number | undefined
  /** How the relay is reached: `udp`, `tcp`, `tls`. */
  readonly relayProtocol: string | undefined
}

/** The candidate pair in use (RFC 8445 §8.1). */
export interface NetworkPath {
  readonly local: PathEnd
  readonly remote: PathEnd
}

/** The quality of a call in one interval. */
export interface QualityReport {
  /** Milliseconds since the call's media began. */
  readonly at: number
  /** Milliseconds that the interval had. */
  readonly interval: number
  readonly audioIn: InboundQuality | undefined
  readonly audioOut: OutboundQuality | undefined
  readonly videoIn: InboundQuality | undefined
  readonly videoOut: OutboundQuality | undefined
  /** Milliseconds there and back, by RTCP or else by the path's own checks; undefined before either has measured it. */
  readonly roundTrip: number | undefined
  readonly path: NetworkPath | undefined
  /** Estimated opinion score of what is heard here, 1 to 4.4 (see the E-model); undefined while nothing comes in. */
  readonly mos: number | undefined
}

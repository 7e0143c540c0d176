/** `o=`: who made the description, and which version of it this is (RFC 8866 §5.2). */
export interface Origin {
  readonly username: string
  /** Decimal digits, kept as text: real ones do not fit into a double. */
  readonly sessionId: string
  /** Decimal digits, kept as text; see `nextVersion`. */
  readonly sessionVersion: string
  /** Almost always `IN`. */
  readonly networkType: string
  /** `IP4` or `IP6`. */
  readonly addressType: string
  readonly address: string
}

/** `c=`: where media is to be sent (RFC 8866 §5.7). `address` keeps a multicast `/ttl/count`. */
export interface Connection {
  readonly networkType: string
  readonly addressType: string
  readonly address: string
}

/** `b=`: `AS` and `CT` count kilobits per second, `TIAS`, `RS` and `RR` bits per second (RFC 8866 §5.8). */
export interface Bandwidth {
  readonly type: string
  readonly value: number
}

/** `t=` with its `r=` and `z=` lines (RFC 8866 §5.9 to §5.11). Times are seconds since 1900, as text; `0` is unbounded. */
export interface TimeDescription {
  readonly start: string
  readonly stop: string
  /** The values of the `r=` lines as written. */
  readonly repeats?: readonly string[] | undefined
  /** The value of the `z=` line as written. */
  readonly zone?: string | undefined
}

/** `a=name` (no value) or `a=name:value` (RFC 8866 §5.13). Values are kept as written. */
export interface Attribute {
  readonly name: string
  readonly value?: string | undefined
}

/** A line that has no place in the model: unknown type, second of its kind, or unreadable. Written back as it came. */
export interface OtherLine {
  /** One character, the part before `=`. */
  readonly type: string
  readonly value: string
}

/** What the session and every stream have in common: attributes first, then what is rare. */
export interface Section {
  readonly connection?: Connection | undefined
  readonly bandwidths?: readonly Bandwidth[] | undefined
  /** `k=` as written; obsolete (RFC 8866 §5.12). */
  readonly key?: string | undefined
  readonly attributes: readonly Attribute[]
  readonly otherLines?: readonly OtherLine[] | undefined
  /**
   * Only on a section that was read with its lines out of the grammar's order or with `otherLines`:
   * the type letters as they stood, `?` for each of the `otherLines`. Printing follows it.
   */
  readonly order?: string | undefined
}

/** `m=` and what follows it: one stream (RFC 8866 §5.14). */
export interface MediaDescription extends Section {
  /** `audio`, `video`, `application`, `text`, `image`, `message`. */
  readonly kind: string
  /** 0 to 65535; 0 marks a stream that is refused or over (RFC 3264 §6, §8.2). */
  readonly port: number
  /** The number after `port/`. */
  readonly portCount?: number | undefined
  /** The transport profile, as `RTP/AVP` or `UDP/TLS/RTP/SAVPF`. */
  readonly protocol: string
  /** Payload types for RTP, else whatever the protocol says. */
  readonly formats: readonly string[]
  /** `i=` */
  readonly title?: string | undefined
}

/** A session description (RFC 8866). Plain data: copy it with changes, compare it, send it between threads. */
export interface SessionDescription extends Section {
  readonly version: 0
  readonly origin: Origin
  /** `s=`; `-` when there is nothing to say. */
  readonly name: string
  readonly information?: string | undefined
  readonly uri?: string | undefined
  readonly emails?: readonly string[] | undefined
  readonly phones?: readonly string[] | undefined
  readonly times: readonly TimeDescription[]
  readonly media: readonly MediaDescription[]
}

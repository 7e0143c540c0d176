import type { Codec, CodecName } from './codec.js'
import type { Direction } from './direction.js'
import type { Attribute, Connection, MediaDescription, Origin } from './session-description.js'

/** A codec we can send and receive. */
export interface CodecCapability extends CodecName {
  /** Number to offer it under. Default: the one of RFC 3551, else the next free one from 96. An answer takes the offer's. */
  readonly payloadType?: number | undefined
  /** Our `a=fmtp`; an answer copies the offer's when this is undefined, and writes none when it is `''`. */
  readonly fmtp?: string | undefined
  /** The `a=rtcp-fb` values we understand. Default none. */
  readonly feedback?: readonly string[] | undefined
  /** Decides on the offered parameters when name, rate and channels agree. Default: what must be the same in offer and answer is, as H.264's profile. */
  readonly accepts?: ((offered: Codec) => boolean) | undefined
}

/** How we protect a stream by keys in the description itself (RFC 4568). */
export interface CryptoCapability {
  /** Suites that we can really do, the preferred one first, as `AES_CM_128_HMAC_SHA1_80`. */
  readonly suites: readonly string[]
  /** A new random master key and salt for that suite, in base64: 30 octets for the AES_CM_128 suites. */
  readonly createKey: (suite: string) => string
}

/** A stream we can take part in. Each serves one `m=` line; list it twice to take two. */
export interface MediaCapability {
  /** `audio`, `video`… */
  readonly kind: string
  /** Where we receive, 1 to 65535. */
  readonly port: number
  /** Transport profiles we can really do, compared as written; the first one is offered. There is no falling back from one to another. */
  readonly protocols: readonly string[]
  /** For RTP: our codecs, the preferred one first. */
  readonly codecs?: readonly CodecCapability[] | undefined
  /**
   * Keys to offer and to answer with. On a secured profile without DTLS a stream without an acceptable key is refused;
   * on `RTP/AVP` and `RTP/AVPF` it is protected if both sides can (RFC 8643), and from then on must stay so.
   */
  readonly crypto?: CryptoCapability | undefined
  /** Whether RTP and RTCP may share the port: offered, and answered where it was offered (RFC 5761). */
  readonly rtcpMux?: boolean | undefined
  /** For what is not RTP: the formats, as `webrtc-datachannel` or `t38`. */
  readonly formats?: readonly string[] | undefined
  /** What we wish to do. Default `sendrecv`. */
  readonly direction?: Direction | undefined
  /** Address of this stream when it differs from the session's. */
  readonly address?: string | undefined
  /** Further attributes, or what makes them from the offered stream (undefined in an offer of ours). */
  readonly attributes?: readonly Attribute[] | ((offered: MediaDescription | undefined) => readonly Attribute[]) | undefined
}

/** Who we are and what we can do: what offers and answers are made from. */
export interface Capabilities {
  /** Identifies our descriptions (RFC 8866 §5.2). `sessionId` and `sessionVersion` are decimal digits; choose the id anew for each call. */
  readonly origin: { readonly sessionId: string; readonly sessionVersion?: string | undefined; readonly username?: string | undefined }
  /** IP address or host name at which we receive media. */
  readonly address: string
  /** `s=`. Default `-`. */
  readonly name?: string | undefined
  readonly media: readonly MediaCapability[]
}

/** The `o=` line of a first description. */
export function originFrom({ origin, address }: Capabilities): Origin {
  return {
    username: origin.username ?? '-', sessionId: origin.sessionId, sessionVersion: origin.sessionVersion ?? '1',
    networkType: 'IN', addressType: addressTypeOf(address), address,
  }
}

/** `IP6` for an address with colons, else `IP4`. */
export function addressTypeOf(address: string): string {
  return address.includes(':') ? 'IP6' : 'IP4'
}

/** The `a=rtpmap`, `a=fmtp` and `a=rtcp-fb` lines of these codecs. */
export function codecAttributes(codecs: readonly Codec[]): readonly Attribute[] {
  return codecs.flatMap(({ payloadType, encoding, clockRate, channels, fmtp, feedback }) => {
    const attributes: Attribute[] = [{ name: 'rtpmap', value: `${payloadType} ${encoding}/${clockRate}${channels === 1 ? '' : `/${channels}`}` }]
    if (fmtp !== undefined && fmtp !== '') attributes.push({ name: 'fmtp', value: `${payloadType} ${fmtp}` })
    for (const value of feedback) attributes.push({ name: 'rtcp-fb', value: `${payloadType} ${value}` })
    return attributes
  })
}

/** The `c=` of a stream that has an address of its own. */
export function ownConnection({ address }: MediaCapability): Connection | undefined {
  return address === undefined ? undefined : connectionTo(address)
}

/** The `c=` line for an address. */
export function connectionTo(address: string): Connection {
  return { networkType: 'IN', addressType: addressTypeOf(address), address }
}

/** The capability's own attributes. */
export function ownAttributes(capability: MediaCapability, offered: MediaDescription | undefined): readonly Attribute[] {
  const { attributes } = capability
  return typeof attributes === 'function' ? attributes(offered) : attributes ?? []
}

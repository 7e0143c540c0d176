import { readAttributes, writeAttribute } from './attributes/attribute-field.js'
import { type Crypto, crypto, protects } from './attributes/crypto.js'
import type { MediaCapability } from './capabilities.js'
import type { Attribute, MediaDescription } from './session-description.js'
import { isSecured } from './transport-profile.js'

/** The keys that both sides of a stream have agreed on (RFC 4568 §5.1.3). */
export interface AgreedCrypto {
  readonly suite: string
  /** Ours: what we send is protected with its key. */
  readonly local: Crypto
  /** The peer's: what it sends is protected with its key. */
  readonly remote: Crypto
}

/** Whether a profile takes its keys from the description: secured, and not by DTLS. */
export function needsCrypto(protocol: string): boolean {
  return /(?:^|\/)RTP\/SAVPF?$/i.test(protocol) && !/(?:^|\/)D?TLS\//i.test(protocol)
}

/** Whether the profile takes its keys from a DTLS handshake. */
export function isByDtls({ protocol }: Pick<MediaDescription, 'protocol'>): boolean {
  return isSecured(protocol) && !needsCrypto(protocol)
}

/**
 * Whether a stream is described so that it can be protected.
 * @param before its description so far: where that had keys, a profile without them does not do
 */
export function offersProtection(media: MediaDescription, before?: MediaDescription): boolean {
  const offersKeys = readAttributes(media, crypto).some(isUsable)
  if (!isSecured(media.protocol)) return offersKeys
  const hadKeys = before !== undefined && readAttributes(before, crypto).length > 0
  return offersKeys || !hadKeys || !needsCrypto(media.protocol)
}

/** The `a=crypto` lines of an offer, one for each suite; a suite keeps the key it had (RFC 4568 §7.1.4). */
export function offeredCrypto({ crypto: ours }: MediaCapability, previous: MediaDescription | undefined): readonly Attribute[] {
  if (ours === undefined) return []
  const known = keysOf(previous)
  return ours.suites.map((suite, index) => line(index + 1, suite, known.get(suite) ?? ours.createKey(suite)))
}

/**
 * The `a=crypto` line of an answer: the offer's first that we can do, under its tag, with a key of ours (RFC 4568 §5.1.2).
 * Lines that would leave something unencrypted or unauthenticated, or that need key identifiers, are none we can do.
 */
export function answeredCrypto({ crypto: ours }: MediaCapability, offered: MediaDescription, previous: MediaDescription | undefined): Attribute | undefined {
  if (ours === undefined) return undefined
  const chosen = readAttributes(offered, crypto).find((offer) => ours.suites.includes(offer.suite) && isUsable(offer))
  return chosen === undefined ? undefined : line(chosen.tag, chosen.suite, keysOf(previous).get(chosen.suite) ?? ours.createKey(chosen.suite))
}

/** What two descriptions of one stream have in common: the tag and the suite of the one line in the answer. */
export function agreedCrypto(local: MediaDescription, remote: MediaDescription): AgreedCrypto | undefined {
  const ours = readAttributes(local, crypto)
  const theirs = readAttributes(remote, crypto)
  // An answer has one line, an offer one or more.
  const [answered] = ours.length === 1 && theirs.length !== 1 ? ours : theirs
  if (answered === undefined) return undefined
  const isIt = ({ tag, suite }: Crypto): boolean => tag === answered.tag && suite === answered.suite
  const [own, other] = [ours.find(isIt), theirs.find(isIt)]
  return own !== undefined && other !== undefined && isUsable(own) && isUsable(other) ? { suite: own.suite, local: own, remote: other } : undefined
}

/** Whether what both descriptions say of a stream makes it run, and protects it. Without the peer's, the profile alone tells. */
export function isProtected(local: MediaDescription, remote: MediaDescription | undefined): boolean {
  if (local.port === 0 || remote?.port === 0) return false
  return isSecured(local.protocol) || (remote !== undefined && agreedCrypto(local, remote) !== undefined)
}

function isUsable(line: Crypto): boolean {
  return protects(line) && line.keys.length === 1 && line.keys[0]?.mki === undefined
}

function keysOf(media: MediaDescription | undefined): ReadonlyMap<string, string> {
  return new Map(media === undefined ? [] : readAttributes(media, crypto).map(({ suite, keys }) => [suite, keys[0]?.keySalt ?? '']))
}

function line(tag: number, suite: string, keySalt: string): Attribute {
  return writeAttribute(crypto, { tag, suite, keys: [{ keySalt }], sessionParameters: [] })
}

import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { TransportError, sameHost } from '@offhook/sip-transport'

/** How certificates are matched with names. */
export interface IdentityOptions {
  /** Lets `*.example.com` stand for one label, as HTTPS does. RFC 5922 §7.2 forbids it, many providers do it. */
  readonly acceptWildcards?: boolean
}

/**
 * Whether a certificate speaks for a SIP domain (RFC 5922 §7.1, §7.2): its `sip:` URIs, without those its DNS names, without any
 * subjectAltName its common name; compared whole and without case. A numeric address needs an IP address in the certificate.
 *
 * @returns Why it does not, or nothing.
 */
export function checkSipIdentity(name: string, certificate: PeerCertificate, options: IdentityOptions = {}): TransportError | undefined {
  if (isIP(name) !== 0) return checkAddress(name, certificate)
  const wanted = plain(name)
  const identities = sipIdentities(certificate)
  if (identities.some((identity) => identity === wanted || (options.acceptWildcards === true && covers(identity, wanted)))) return undefined
  const known = identities.length === 0 ? 'no SIP domain' : identities.join(', ')
  return new TransportError('tls', `The certificate is for ${known}, not for ${name} (RFC 5922 §7.2).`)
}

/**
 * Whether a certificate speaks for a web server, by the rules of HTTPS (RFC 9110 §4.3.4), which WSS follows.
 * Numeric addresses are compared here: some releases of Node 22 take no certificate for an IPv6 one.
 *
 * @returns Why it does not, or nothing.
 */
export function checkWebIdentity(name: string, certificate: PeerCertificate): Error | undefined {
  return isIP(name) === 0 ? checkServerIdentity(name, certificate) : checkAddress(name, certificate)
}

function checkAddress(address: string, certificate: PeerCertificate): TransportError | undefined {
  const known = [...(certificate.subjectaltname ?? '').matchAll(/(?:^|, )IP Address:([0-9A-Fa-f:.]+)(?=,|$)/g)].map(([, text = '']) => text)
  if (known.some((text) => sameHost(text, address))) return undefined
  return new TransportError('tls', `The certificate is for ${known.length === 0 ? 'no address' : known.join(', ')}, not for ${address}.`)
}

/** The SIP domains that a certificate names, in lower case (RFC 5922 §7.1). */
export function sipIdentities(certificate: PeerCertificate): string[] {
  const names = certificate.subjectaltname
  if (names === undefined) {
    const common: unknown = certificate.subject.CN
    return typeof common === 'string' ? [plain(common)] : []
  }
  const values = [...names.matchAll(/(URI|DNS):("(?:[^"\\]|\\.)*"|[^,]*)/g)]
  const uris = values.flatMap(([, type, value = '']) => (type === 'URI' ? sipDomain(value) : []))
  return uris.length > 0 ? uris : values.flatMap(([, type, value = '']) => (type === 'DNS' ? [plain(value)] : []))
}

function sipDomain(uri: string): string[] {
  const domain = /^sip:([^@;?]+)$/i.exec(uri.trim())?.[1]
  return domain === undefined ? [] : [plain(domain.replace(/:\d+$/, ''))]
}

function plain(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '')
}

function covers(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return false
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot) === pattern.slice(1) && pattern.split('.').length > 2
}

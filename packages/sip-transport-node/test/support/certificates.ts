import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** A certificate and its key, PEM. */
export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

/** Names of a certificate: DNS names, `sip:` URIs and IPv4 or IPv6 (`::1` only) addresses. `commonName` alone leaves out subjectAltName. */
export interface CertificateNames {
  readonly commonName?: string
  readonly dns?: readonly string[]
  readonly uris?: readonly string[]
  readonly addresses?: readonly string[]
}

/** Signs certificates of its own, for tests only: a root, and leaves below it (RFC 5280). */
export class TestAuthority {
  readonly #key: KeyObject
  readonly #name: string
  /** PEM of the root. */
  readonly ca: string

  constructor(name = 'Test root') {
    this.#name = name
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    this.ca = certificate({ subject: name, publicKey, issuer: name, signer: privateKey, names: [], isAuthority: true })
  }

  issue(names: CertificateNames): TestCertificate {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const general = [
      ...(names.dns ?? []).map((name) => tagged(0x82, Buffer.from(name, 'latin1'))),
      ...(names.uris ?? []).map((uri) => tagged(0x86, Buffer.from(uri, 'latin1'))),
      ...(names.addresses ?? []).map((address) => tagged(0x87, isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : Buffer.from([...new Array<number>(15).fill(0), 1]))),
    ]
    const cert = certificate({ subject: names.commonName ?? 'leaf', publicKey, issuer: this.#name, signer: this.#key, names: general, isAuthority: false })
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
  }
}

interface Fields {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly names: readonly Buffer[]
  readonly isAuthority: boolean
}

function certificate(fields: Fields): string {
  const spki = fields.publicKey.export({ type: 'spki', format: 'der' })
  const serial = Buffer.concat([Buffer.from([0x01]), createHash('sha256').update(spki).digest().subarray(0, 12)])
  const algorithm = sequence(identifier('1.2.840.10045.4.3.2'))
  const extensions = [
    extension('2.5.29.19', true, fields.isAuthority ? sequence(tagged(0x01, Buffer.from([0xff]))) : sequence()),
    ...(fields.names.length > 0 ? [extension('2.5.29.17', false, sequence(...fields.names))] : []),
  ]
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    algorithm,
    name(fields.issuer),
    sequence(time('20240101000000Z'), time('20740101000000Z')),
    name(fields.subject),
    spki,
    tagged(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', body, fields.signer)
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets = [first * 40 + second]
  for (const arc of rest) {
    const septets = [arc & 127]
    for (let left = arc >>> 7; left > 0; left >>>= 7) septets.unshift((left & 127) | 128)
    octets.push(...septets)
  }
  return tagged(0x06, Buffer.from(octets))
}

function name(common: string): Buffer {
  return sequence(tagged(0x31, sequence(identifier('2.5.4.3'), tagged(0x0c, Buffer.from(common)))))
}

function time(text: string): Buffer {
  return tagged(0x18, Buffer.from(text))
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  return sequence(identifier(oid), ...(critical ? [tagged(0x01, Buffer.from([0xff]))] : []), tagged(0x04, value))
}

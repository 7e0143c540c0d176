import { createSecureContext } from 'node:tls'
import type { SecureContext, SecureContextOptions } from 'node:tls'
import { TransportError } from '@offhook/sip-transport'

/** A certificate with its key, as `node:tls` takes them. */
export interface TlsCertificate {
  /** PEM. A listener needs it; a client shows it when asked. */
  readonly cert?: SecureContextOptions['cert']
  /** PEM of the private key that belongs to `cert`. */
  readonly key?: SecureContextOptions['key']
  readonly passphrase?: string
}

/** Certificates and whom to trust. */
export interface TlsMaterial extends TlsCertificate {
  /** PEM of the authorities to trust instead of those that Node knows. */
  readonly ca?: SecureContextOptions['ca']
  /** Certificates of listeners for other names, by what clients ask for (SNI, RFC 6066 §3); `*.example.com` stands for one label. */
  readonly serverNames?: Readonly<Record<string, TlsCertificate>>
}

/**
 * Certificates that can be replaced while listeners run: handshakes from then on see the new ones, connections that stand go on.
 *
 * @example
 * const certificates = new TlsCertificates({ cert, key })
 * const adapters = [tlsAdapter({ certificates }), wssAdapter({ certificates })]
 * certificates.replace({ cert: renewed, key })
 */
export class TlsCertificates {
  #material: TlsMaterial
  #contexts: ReadonlyMap<string, SecureContext>
  readonly #listeners = new Set<() => void>()

  /** @throws {TransportError} `tls` when a certificate or key cannot be read, or they do not belong together. */
  constructor(material: TlsMaterial) {
    this.#material = material
    this.#contexts = contextsOf(material)
  }

  get current(): TlsMaterial {
    return this.#material
  }

  /** @throws {TransportError} `tls` when one of the new ones cannot be used; then all of the old ones stay. */
  replace(material: TlsMaterial): void {
    this.#contexts = contextsOf(material)
    this.#material = material
    for (const replaced of [...this.#listeners]) replaced()
  }

  /** Calls back at every replacement; the function returned ends that. */
  onReplaced(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The context for the name that a client asks for; `undefined` for the default one. */
  contextFor(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase()
    return this.#contexts.get(name) ?? this.#contexts.get(name.replace(/^[^.]*/, '*'))
  }
}

/** The part that `node:tls` wants, without the members that are absent. TLS 1.2 at least. */
export function secureContextOptions({ cert, key, ca, passphrase }: TlsMaterial): SecureContextOptions {
  return {
    minVersion: 'TLSv1.2',
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

/** Makes every context, the default one too, so that what cannot be used is told now and not to the next client. */
function contextsOf({ serverNames = {}, ca, ...own }: TlsMaterial): ReadonlyMap<string, SecureContext> {
  const trust = ca === undefined ? {} : { ca }
  if (own.cert !== undefined || own.key !== undefined) usable({ ...own, ...trust }, 'the certificate')
  return new Map(Object.entries(serverNames).map(([name, certificate]) => [name.toLowerCase(), usable({ ...certificate, ...trust }, name)]))
}

function usable(material: TlsMaterial, what: string): SecureContext {
  try {
    return createSecureContext(secureContextOptions(material))
  } catch (error) {
    throw new TransportError('tls', `The certificate or key for ${what} cannot be used: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}

import type { SecureContextOptions } from 'node:tls'
import { TransportError } from '@offhook/sip-transport'

/** Certificates and trust, as `node:tls` takes them. */
export interface TlsOptions {
  /** PEM. A listener needs it; a client shows it when asked. */
  readonly cert?: SecureContextOptions['cert']
  /** PEM of the private key that belongs to `cert`. */
  readonly key?: SecureContextOptions['key']
  /** PEM of the authorities to trust instead of those that Node knows. */
  readonly ca?: SecureContextOptions['ca']
  readonly passphrase?: string
  /** `false` accepts any certificate when dialling: for laboratories only. */
  readonly rejectUnauthorized?: boolean
}

/** The part that `node:tls` wants, without the members that are absent. TLS 1.2 at least. */
export function secureContextOf(options: TlsOptions): SecureContextOptions {
  const { cert, key, ca, passphrase } = options
  return {
    minVersion: 'TLSv1.2',
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

/** @throws {TransportError} `tls` when a listener has no certificate. */
export function serverContextOf(options: TlsOptions, transport: 'TLS' | 'WSS'): SecureContextOptions {
  if (options.cert === undefined || options.key === undefined) {
    throw new TransportError('tls', `A ${transport} listener needs a certificate and its private key: give it cert and key.`)
  }
  return secureContextOf(options)
}

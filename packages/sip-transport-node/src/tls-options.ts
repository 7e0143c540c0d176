import type { Server as HttpsServer } from 'node:https'
import { TLSSocket } from 'node:tls'
import type { SecureContext, SecureContextOptions, Server, TlsOptions as NodeTlsOptions } from 'node:tls'
import type { Socket } from 'node:net'
import { TransportError } from '@offhook/sip-transport'
import { sipIdentities } from './sip-identity.js'
import { TlsCertificates, secureContextOptions } from './tls-certificates.js'
import type { TlsMaterial } from './tls-certificates.js'

/** Certificates, trust, and what is asked of peers. */
export interface TlsOptions extends TlsMaterial {
  /** Certificates that may be replaced later on; those given beside it are not used. */
  readonly certificates?: TlsCertificates
  /**
   * What listeners ask of peers that dial (mutual TLS, RFC 5922 §7.4): nothing unless told; `optional` takes those without a
   * trusted certificate, too; `required` lets nobody else in. What a trusted one proves is told by `flow.identities`.
   */
  readonly clientCertificates?: 'optional' | 'required'
  /** `TLSv1.3` refuses peers that know no better than TLS 1.2. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** `false` accepts any certificate when dialling: for laboratories only. */
  readonly rejectUnauthorized?: boolean
}

/** What an adapter dials with at this moment. */
export function clientContextOf(options: TlsOptions): SecureContextOptions {
  return { ...secureContextOptions(options.certificates?.current ?? options), ...versionOf(options) }
}

/** The certificates of an adapter for as long as it lives. */
export function certificatesOf(options: TlsOptions): TlsCertificates {
  return options.certificates ?? new TlsCertificates(options)
}

/**
 * What a listener is made with: certificates by the name that the client asks for, and what is asked of the client.
 *
 * @throws {TransportError} `tls` when it has no certificate.
 */
export function serverOptionsOf(options: TlsOptions, certificates: TlsCertificates, transport: 'TLS' | 'WSS'): NodeTlsOptions {
  const { current } = certificates
  if (current.cert === undefined || current.key === undefined) {
    throw new TransportError('tls', `A ${transport} listener needs a certificate and its private key: give it cert and key.`)
  }
  return {
    ...secureContextOptions(current), ...versionOf(options),
    requestCert: options.clientCertificates !== undefined,
    rejectUnauthorized: options.clientCertificates === 'required',
    SNICallback: (serverName: string, use: (error: Error | null, context?: SecureContext) => void) => use(null, certificates.contextFor(serverName)),
  }
}

/** Gives a listener the new certificates whenever they are replaced, until it closes. */
export function followCertificates(server: Server | HttpsServer, options: TlsOptions, certificates: TlsCertificates): void {
  server.once('close', certificates.onReplaced(() => server.setSecureContext({ ...secureContextOptions(certificates.current), ...versionOf(options) })))
}

/** The SIP domains that a peer which dialled has proved; `undefined` when it was not asked, or showed nothing that is trusted. */
export function identitiesOf(socket: Socket): readonly string[] | undefined {
  return socket instanceof TLSSocket && socket.authorized ? sipIdentities(socket.getPeerCertificate()) : undefined
}

function versionOf({ minVersion }: TlsOptions): SecureContextOptions {
  return minVersion === undefined ? {} : { minVersion }
}

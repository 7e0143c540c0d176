import { TransportError } from '@offhook/sip-transport'
import type { TransportErrorCode } from '@offhook/sip-transport'

const CODES: Readonly<Record<string, TransportErrorCode>> = {
  ABORT_ERR: 'aborted',
  EACCES: 'forbidden',
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'bad-address',
  EAFNOSUPPORT: 'bad-address',
  EAI_AGAIN: 'unreachable',
  ECONNABORTED: 'closed',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EHOSTUNREACH: 'unreachable',
  EINVAL: 'unreachable',
  EMSGSIZE: 'too-large',
  ENETDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENODATA: 'unreachable',
  ENOTFOUND: 'unreachable',
  EPERM: 'forbidden',
  EPIPE: 'closed',
  EPROTO: 'tls',
  ETIMEDOUT: 'timed-out',
  ETIMEOUT: 'timed-out',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 'too-large',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'too-large',
}
/** What Node calls certificates that do not hold; they come without a common prefix. */
const CERTIFICATE = /^(ERR_SSL|ERR_TLS|ERR_OSSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_|CRL_)/

/** What the platform's error means to SIP; `fallback` when it says nothing that is known. */
export function toTransportError(error: unknown, doing: string, fallback: TransportErrorCode = 'unreachable'): TransportError {
  if (error instanceof TransportError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new TransportError(codeOf(error) ?? fallback, `${doing}: ${reason === '' ? 'no reason given' : reason}`, error)
}

function codeOf(error: unknown): TransportErrorCode | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  if (Object.hasOwn(CODES, error.code)) return CODES[error.code]
  if (CERTIFICATE.test(error.code)) return 'tls'
  return error.code.startsWith('WS_ERR_') ? 'framing' : undefined
}

/** Whether the profile protects media: SRTP, DTLS or TLS below it (RFC 3711, RFC 5764, RFC 8122). */
export function isSecured(protocol: string): boolean {
  return /(?:^|\/)(?:SAVPF?|D?TLS)(?:\/|$)/i.test(protocol)
}

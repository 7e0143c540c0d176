/**
 * An IPv6 address without brackets in its shortest spelling (RFC 5952 §4), an IPv4 address inside it with dots (§5): `2001:db8::1`, `::ffff:192.0.2.1`.
 * Text that is no address comes back as it is.
 */
export function canonicalIpv6(address: string): string {
  // Longer than any address: not worth a look.
  if (address.length > 45) return address
  const open = address.toLowerCase().replace(/[\d.]+$/, asGroups).replace(/^::/, '0::').replace(/::$/, '::0')
  const whole = open.replace('::', `:${'0:'.repeat(Math.max(0, 9 - open.split(':').length))}`)
  if (!/^(?:[\da-f]{1,4}:){7}[\da-f]{1,4}$/.test(whole)) return address
  const groups = whole.split(':').map((group) => Number.parseInt(group, 16))
  const text = `:${groups.map((group) => group.toString(16)).join(':')}:`
  if (text.startsWith(':0:0:0:0:0:ffff:')) return `::ffff:${groups.slice(6).flatMap((group) => [group >> 8, group & 255]).join('.')}`
  for (let zeros = ':0:0:0:0:0:0:0:0:'; zeros.length > 3; zeros = zeros.slice(2)) {
    const at = text.indexOf(zeros)
    if (at >= 0) return `${text.slice(1, at)}::${text.slice(at + zeros.length, -1)}`
  }
  return text.slice(1, -1)
}

/** The host of a URI in the one form that equal hosts have: lower case, an IPv6 reference in its shortest spelling (RFC 5954 §4.2). */
export function canonicalHost(host: string): string {
  return (host.startsWith('[') ? `[${canonicalIpv6(host.slice(1, -1))}]` : host).toLowerCase()
}

/** The IPv4 address at the end of an IPv6 one as two groups; anything else as it is. */
function asGroups(tail: string): string {
  const octets = tail.split('.').map(Number)
  const [a = 0, b = 0, c = 0, d = 0] = octets
  return octets.length === 4 && octets.every((octet) => octet < 256) ? `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}` : tail
}

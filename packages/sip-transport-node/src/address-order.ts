import { isIP } from 'node:net'

/** The policy table of RFC 6724 §2.1: prefix, precedence, label. The longest prefix that matches decides. */
const POLICY: readonly (readonly [prefix: string, bits: number, precedence: number, label: number])[] = [
  ['::1', 128, 50, 0], ['::', 0, 40, 1], ['::ffff:0:0', 96, 35, 4], ['2002::', 16, 30, 2], ['2001::', 32, 5, 5],
  ['fc00::', 7, 3, 13], ['::', 96, 1, 3], ['fec0::', 10, 1, 11], ['3ffe::', 16, 1, 12],
]
const LINK_LOCAL = 2
const SITE_LOCAL = 5
const GLOBAL = 14

interface Candidate {
  readonly address: string
  readonly usable: boolean
  readonly scope: number
  readonly scopeMatches: boolean
  readonly labelMatches: boolean
  readonly precedence: number
}

/**
 * Addresses of one host in the order in which they are to be contacted (RFC 6724 §6, which RFC 7984 §4 asks for): rules 1, 2, 5, 6 and 8;
 * what these do not decide stays as DNS has it, so that its rotation spreads the load. What is no address of a host is left out.
 *
 * @param sourceTowards the address of this machine from which another one would be reached; `undefined` when there is no way
 */
export function orderAddresses(addresses: readonly string[], sourceTowards: (address: string) => string | undefined): string[] {
  const candidates = addresses.filter(isHostAddress).map((address) => candidateOf(address, sourceTowards(address)))
  return candidates.sort(compare).map(({ address }) => address)
}

/** Whether it can be the address of one host: not the unspecified one, which would lead to ourselves, and no multicast or broadcast address. */
export function isHostAddress(address: string): boolean {
  const groups = groupsOf(address)
  if (groups === undefined) return false
  if (isIP(address) === 4) {
    const first = (groups[6] ?? 0) >>> 8
    return first !== 0 && (first < 224 || first > 239) && address !== '255.255.255.255'
  }
  return groups.some((group) => group !== 0) && (groups[0] ?? 0) < 0xff00
}

function candidateOf(address: string, source: string | undefined): Candidate {
  const groups = groupsOf(address) ?? []
  const origin = source === undefined ? undefined : groupsOf(source)
  const [precedence, label] = policyOf(groups)
  const scope = scopeOf(groups)
  return {
    address, usable: origin !== undefined, scope, precedence,
    scopeMatches: origin !== undefined && scopeOf(origin) === scope,
    labelMatches: origin !== undefined && policyOf(origin)[1] === label,
  }
}

/** Negative when `a` comes first. */
function compare(a: Candidate, b: Candidate): number {
  return Number(b.usable) - Number(a.usable)
    || Number(b.scopeMatches) - Number(a.scopeMatches)
    || Number(b.labelMatches) - Number(a.labelMatches)
    || b.precedence - a.precedence
    || a.scope - b.scope
}

function policyOf(groups: readonly number[]): readonly [precedence: number, label: number] {
  let best: readonly [number, number] = [0, -1]
  let length = -1
  for (const [prefix, bits, precedence, label] of POLICY) {
    if (bits > length && matches(groups, groupsOf(prefix) ?? [], bits)) {
      length = bits
      best = [precedence, label]
    }
  }
  return best
}

function matches(groups: readonly number[], prefix: readonly number[], bits: number): boolean {
  return prefix.every((part, index) => {
    const mask = (0xffff << (16 - Math.max(0, Math.min(16, bits - 16 * index)))) & 0xffff
    return ((groups[index] ?? 0) & mask) === (part & mask)
  })
}

/** RFC 6724 §3.1 and §3.2: link-local and loopback addresses have link-local scope, of either family. */
function scopeOf(groups: readonly number[]): number {
  const [first = 0] = groups
  if (matches(groups, [0, 0, 0, 0, 0, 0xffff], 96)) {
    const ipv4 = groups[6] ?? 0
    return ipv4 === 0xa9fe || ipv4 >>> 8 === 127 ? LINK_LOCAL : GLOBAL
  }
  if ((first & 0xffc0) === 0xfe80 || groups.every((group, index) => group === (index === 7 ? 1 : 0))) return LINK_LOCAL
  return (first & 0xffc0) === 0xfec0 ? SITE_LOCAL : GLOBAL
}

/** The eight groups of an IPv6 address, or of `::ffff:a.b.c.d` for an IPv4 one; `undefined` for what is neither. */
function groupsOf(address: string): number[] | undefined {
  const [bare = ''] = address.split('%')
  const family = isIP(bare)
  if (family === 0) return undefined
  const whole = (family === 4 ? `::ffff:${bare}` : bare).replace(/\d+\.\d+\.\d+\.\d+$/, (ipv4) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [head = '', tail] = whole.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back].map((group) => parseInt(group, 16))
}

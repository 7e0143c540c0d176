/** What the grammar allows and the reader of the field refuses all the same: the field, if it is one alone, the lines meant, and why. */
export interface Refusal {
  readonly headers?: readonly string[]
  readonly applies: (line: string) => boolean
  readonly reason: string
}

const numbers = (line: string, pattern: RegExp): bigint[] => Array.from(line.matchAll(pattern), ([, digits = '']) => BigInt(digits))

export const refusals: readonly Refusal[] = [
  { applies: (line) => numbers(line, /:[ \t\r\n]*(\d+)/g).some((port) => port === 0n || port > 65_535n) || /:[ \t\r\n]*\d{6}/.test(line), reason: 'CVE-2026-106803: a port is 1 to 65,535, in at most five digits' },
  { headers: ['RAck', 'RSeq', 'CSeq', 'Flow-Timer', 'Geolocation-Error'], applies: (line) => numbers(line, /(\d+)/g).some((number) => number >= 2n ** 31n), reason: 'RFC 3261 §8.1.1.5, RFC 3262 §3: sequence numbers are below 2^31' },
  { headers: ['CSeq'], applies: () => true, reason: 'RFC 3261 §8.1.1.5: the method is that of the request' },
  { headers: ['Content-Length'], applies: () => true, reason: 'RFC 3261 §18.3: what is announced is there' },
  { headers: ['Identity'], applies: (line) => line.includes('"'), reason: 'RFC 4474 §9: between the quotes stands base64' },
  { headers: ['Date'], applies: () => true, reason: 'RFC 3261 §20.17: a date that the calendar has' },
  { headers: ['P-Charging-Vector'], applies: (line) => /""/.test(line), reason: 'RFC 7315 §4.6: the value identifies the charging, an empty one does not' },
  { headers: ['In-Reply-To'], applies: (line) => /["<]/.test(line), reason: 'a comma between quotes or brackets separates nothing in any other field, so it does not here' },
  { headers: ['Geolocation-Routing'], applies: (line) => !/:\s*(?:yes|no|[\w\-.!%*+`'~]+)\s*$/i.test(line), reason: 'RFC 6442 §4.2: yes, no, or one word that nobody has defined yet' },
]

import { below, oneOf, type Random } from './random.js'

/** What breaks readers: separators, brackets, line ends, numbers at their limits, octets that are no text. */
export const nastyPieces: readonly string[] = [
  '\r', '\n', '\r\n', '\r\n\r\n', '\r\n ', '\n\t', '\0', '\\\0', '\\', '\\"', '"', '""', '<', '>', '<>', ',', ',,', ';', ';;', '=', ':', '@', '?', '&', '/', '*', '(', ')', '[', ']', '[::1]',
  '%', '%00', '%4', '%zz', '~', '#', '{', '|', '^', ' ', '\t', '  ', '0', '9', '00', '-1', '+5', '255', '256', '65535', '65536', '2147483647', '2147483648', '4294967295', '4294967296', '18446744073709551616', '1e9', '0x5',
  '\x7f', '\x80', '\xbf', '\xc3', '\xc3\xa9', '\xe2\x82', '\xf0\x9f\x98\x80', '\xff', '\xed\xa0\x80', '\xc0\x80', 'SIP/2.0', 'sip:', 'sips:', 'tel:', 'sip:a@b', '<sip:a@b>', ';tag=', ';lr', ';q=1', '--', 'boundary=', '__proto__', 'constructor', 'toString',
]

/** Whole lines that a message may have too much. */
export const nastyLines: readonly string[] = [
  'Content-Length: 5\r\n', 'l: 5\r\n', 'Content-Length : 10, 20\r\n', 'v: x\r\n', 'Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n', 'From: <sip:a@b>\r\n', 't: <sip:a@b>\r\n', 'CSeq: 1 INVITE\r\n', 'Call-ID: x\r\n',
  'Max-Forwards: 70\r\n', 'Contact: *\r\n', 'Route: <sip:a;lr>, <sip:b;lr>\r\n', '__proto__: x\r\n', 'constructor: x\r\n', 'Content-Type: multipart/mixed;boundary="a"\r\n', '--a\r\n', '--a--\r\n', 'Subject: x\r\n y\r\n', ': x\r\n', 'x\r\n', ' \r\n',
]

/** The text with one to `most` changes; one character is one octet. */
export function mutate(text: string, random: Random, most: number, pieces: readonly string[] = nastyPieces): string {
  let out = text
  for (let change = 1 + below(random, most); change > 0; change--) {
    const at = below(random, out.length + 1)
    const size = 1 + below(random, 8)
    switch (below(random, 9)) {
      case 0: out = out.slice(0, at) + String.fromCharCode(below(random, 256)) + out.slice(at + 1); break
      case 1: out = out.slice(0, at) + out.slice(at + size); break
      case 2: case 3: out = out.slice(0, at) + oneOf(random, pieces) + out.slice(at); break
      case 4: out = out.slice(0, at) + oneOf(random, pieces) + out.slice(at + 1); break
      case 5: out = out.slice(0, at) + out.slice(at, at + 4 * size) + out.slice(at); break
      case 6: {
        const from = below(random, out.length + 1)
        out = out.slice(0, at) + out.slice(from, from + 4 * size) + out.slice(at)
        break
      }
      case 7: out = out.slice(0, at) + out.slice(at + 1); break
      default: out = out.slice(0, at) + String.fromCharCode(out.charCodeAt(at) ^ (1 << below(random, 8))) + out.slice(at + 1)
    }
  }
  return out
}

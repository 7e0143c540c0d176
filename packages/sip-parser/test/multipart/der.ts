/** How long the DER value at the start is, as it says itself: a signature or an envelope that lost an octet on the way has another length. */
export function derLength(bytes: Uint8Array): number {
  const [, first = 0] = bytes
  if (first < 128) return 2 + first
  const count = first & 127
  return 2 + count + bytes.subarray(2, 2 + count).reduce((length, octet) => length * 256 + octet, 0)
}

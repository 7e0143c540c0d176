/** One hash of the MD family: how words lie in octets, where the state begins, what a block does to it. */
export interface BlockHash {
  readonly littleEndian: boolean
  readonly initial: readonly number[]
  /** Mixes sixteen words into the state; `words` has room for 64. */
  readonly compress: (state: Int32Array, words: Int32Array) => void
}

const BLOCK = 64

/**
 * Runs a hash over a message that is padded by a one bit, zeros and its length in bits, which MD5 and SHA-256 have in
 * common but for the order of octets (RFC 1321 §3.1, RFC 6234 §4.1).
 */
export function hashBlocks({ littleEndian, initial, compress }: BlockHash, bytes: Uint8Array): Uint8Array {
  const length = BLOCK * (((bytes.length + 8) >> 6) + 1)
  const padded = new Uint8Array(length)
  const view = new DataView(padded.buffer)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const [low, high] = littleEndian ? [8, 4] : [4, 8]
  view.setUint32(length - low, 8 * bytes.length, littleEndian)
  view.setUint32(length - high, bytes.length / 2 ** 29, littleEndian)
  const state = Int32Array.from(initial)
  const words = new Int32Array(BLOCK)
  for (let block = 0; block < length; block += BLOCK) {
    for (let index = 0; index < 16; index++) words[index] = view.getInt32(block + 4 * index, littleEndian)
    compress(state, words)
  }
  // The padded message is done with: its first octets take the result.
  for (const [index, word] of state.entries()) view.setInt32(4 * index, word, littleEndian)
  return padded.slice(0, 4 * state.length)
}

/** Octets in lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('')
}

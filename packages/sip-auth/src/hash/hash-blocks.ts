/**
 * What a hash does with one block: from the state before it to what is added to that.
 * `words` has 64 places; the block stands in the first 16, the rest is for the hash to use.
 */
export type Compress = (state: readonly number[], words: Int32Array) => readonly number[]

/** One block at a time stands here, and nothing of it counts afterwards. */
const words = new Int32Array(64)

/**
 * The frame that MD5 and SHA-256 share: the message, a one bit, zeros and the length in bits, cut into blocks of 16 words
 * (RFC 1321 §3.1 and §3.2, FIPS 180-4 §5.1.1).
 *
 * @returns the last state in lower-case hexadecimal
 */
export function hashBlocks(message: Uint8Array, initial: readonly number[], littleEndian: boolean, compress: Compress): string {
  const octets = new Uint8Array((message.length + 72) & -64)
  octets.set(message)
  octets[message.length] = 128
  const padded = new DataView(octets.buffer)
  padded.setBigUint64(padded.byteLength - 8, BigInt(8 * message.length), littleEndian)
  const state = [...initial]
  for (let at = 0; at < padded.byteLength; at += 64) {
    for (let index = 0; index < 16; index++) words[index] = padded.getInt32(at + 4 * index, littleEndian)
    const added = compress(state, words)
    for (let index = 0; index < state.length; index++) state[index] = ((state[index] ?? 0) + (added[index] ?? 0)) | 0
  }
  for (const [index, word] of state.entries()) padded.setInt32(4 * index, word, littleEndian)
  let text = ''
  for (let at = 0; at < 4 * state.length; at += 8) text += padded.getBigUint64(at).toString(16).padStart(16, '0')
  return text
}

/** The 32 bits of `word` turned right by `bits`. */
export function rotateRight(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

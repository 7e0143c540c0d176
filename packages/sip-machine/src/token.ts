import { MachineError } from './machine-error.js'
import type { RandomSource } from './random-source.js'

/** 32 characters: each carries 5 bits. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuv'
const BITS_PER_CHARACTER = 5

/**
 * A random identifier for branches, tags and Call-IDs.
 *
 * The characters are digits and lower-case letters (base 32), so that the text is an RFC 3261 token and survives
 * peers that compare without regard to case.
 *
 * @param bits How many random bits it carries at least: 96 unless told, never below 64.
 * @throws {MachineError} `too-few-bits` below 64.
 */
export function createToken(random: RandomSource, bits = 96): string {
  if (!(bits >= 64)) throw new MachineError('too-few-bits', `${String(bits)} of 64 bits`)
  const octets = new Uint8Array(Math.ceil(bits / BITS_PER_CHARACTER))
  random.fill(octets)
  const codes = new Array<number>(octets.length)
  for (let place = 0; place < octets.length; place++) codes[place] = ALPHABET.charCodeAt((octets[place] ?? 0) & 31)
  return String.fromCharCode(...codes)
}

import { MachineError } from './machine-error.js'
import type { RandomSource } from './random-source.js'

const TWO_TO_32 = 0x1_0000_0000
const TWO_TO_21 = 0x20_0000
const TWO_TO_53 = Number.MAX_SAFE_INTEGER + 1

function random32(random: RandomSource, octets: Uint8Array): number {
  random.fill(octets)
  let value = 0
  for (const octet of octets) value = value * 256 + octet
  return value
}

/**
 * An evenly distributed whole number, at least `lowInclusive` and below `highExclusive`.
 *
 * @throws {MachineError} `empty-range` when no whole number lies between, or more than 2^32 of them do.
 */
export function randomInteger(random: RandomSource, lowInclusive: number, highExclusive: number): number {
  const width = highExclusive - lowInclusive
  if (!Number.isSafeInteger(lowInclusive) || !Number.isSafeInteger(highExclusive) || width < 1 || width > TWO_TO_32) {
    throw new MachineError('empty-range', `No whole number can be drawn from ${String(lowInclusive)} up to ${String(highExclusive)}.`)
  }
  // Draws above the last full multiple would favour small numbers; they are drawn again.
  const fair = TWO_TO_32 - (TWO_TO_32 % width)
  const octets = new Uint8Array(4)
  let value = random32(random, octets)
  while (value >= fair) value = random32(random, octets)
  return lowInclusive + (value % width)
}

/** An evenly distributed fraction with 53 random bits: at least 0, below 1. */
export function randomFraction(random: RandomSource): number {
  const octets = new Uint8Array(4)
  const high = random32(random, octets) % TWO_TO_21
  return (high * TWO_TO_32 + random32(random, octets)) / TWO_TO_53
}

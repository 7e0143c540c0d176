import { MachineError } from './machine-error.js'
import type { RandomSource } from './random-source.js'

const TWO_TO_32 = 2 ** 32

function random32(random: RandomSource): number {
  const octets = new Uint8Array(4)
  random.fill(octets)
  return octets.reduce((value, octet) => value * 256 + octet, 0)
}

/**
 * An evenly distributed whole number, at least `lowInclusive` and below `highExclusive`.
 *
 * @throws {MachineError} `empty-range` when no whole number lies between, or more than 2^32 of them do.
 */
export function randomInteger(random: RandomSource, lowInclusive: number, highExclusive: number): number {
  const width = highExclusive - lowInclusive
  if (!Number.isSafeInteger(lowInclusive) || !Number.isSafeInteger(highExclusive) || width < 1 || width > TWO_TO_32) {
    throw new MachineError('empty-range', `${String(lowInclusive)} to ${String(highExclusive)}`)
  }
  // Draws above the last full multiple would favour small numbers; they are drawn again.
  let value
  do value = random32(random)
  while (value >= TWO_TO_32 - (TWO_TO_32 % width))
  return lowInclusive + (value % width)
}

/** An evenly distributed fraction with 53 random bits: at least 0, below 1. */
export function randomFraction(random: RandomSource): number {
  const upper21 = random32(random) % 2 ** 21
  return (upper21 * TWO_TO_32 + random32(random)) / 2 ** 53
}

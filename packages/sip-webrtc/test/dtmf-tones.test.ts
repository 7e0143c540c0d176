import { describe, expect, it } from 'vitest'
import { DigitCourse, digitIn } from '../src/sound/dtmf-tones.js'

const RATE = 48_000
const FREQUENCIES: Readonly<Record<string, readonly [number, number]>> = {
  1: [697, 1209], 2: [697, 1336], 3: [697, 1477], A: [697, 1633], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477], B: [770, 1633],
  7: [852, 1209], 8: [852, 1336], 9: [852, 1477], C: [852, 1633], '*': [941, 1209], 0: [941, 1336], '#': [941, 1477], D: [941, 1633],
}

/** A repeatable stream of numbers from 0 to 1. */
function noise(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
}

function samples(value: (time: number) => number, phase = 0): Float32Array {
  return Float32Array.from({ length: 1024 }, (_, index) => value((index + phase) / RATE))
}

const sine = (hertz: number, time: number): number => Math.sin(2 * Math.PI * hertz * time)

describe('ITU-T Q.23, Q.24: digits in sound', () => {
  it.each(Object.entries(FREQUENCIES))('%s, loud and quiet, with noise, at any phase, 1.5 %% off, one part louder', (digit, [low, high]) => {
    const random = noise(42)
    for (let phase = 0; phase < 1_000; phase += 97) {
      for (const gain of [0.4, 0.05, 0.01]) {
        for (const off of [0.985, 1, 1.015]) expect(digitIn(samples((time) => gain * (sine(low * off, time) + sine(high * off, time)), phase), RATE)).toBe(digit)
        expect(digitIn(samples((time) => gain * (sine(low, time) + 0.6 * sine(high, time) + 0.3 * (random() - 0.5)), phase), RATE)).toBe(digit)
      }
    }
  })

  it('none in silence, noise, one tone, a dial tone, three tones, too unequal ones', () => {
    const random = noise(7)
    expect(digitIn(samples(() => 0), RATE)).toBeUndefined()
    for (let round = 0; round < 500; round++) expect(digitIn(samples(() => random() - 0.5), RATE)).toBeUndefined()
    for (const hertz of [697, 1336, 440]) expect(digitIn(samples((time) => sine(hertz, time)), RATE)).toBeUndefined()
    expect(digitIn(samples((time) => sine(350, time) + sine(440, time)), RATE)).toBeUndefined()
    expect(digitIn(samples((time) => sine(697, time) + sine(852, time) + sine(1336, time) + sine(1633, time)), RATE)).toBeUndefined()
    expect(digitIn(samples((time) => sine(697, time) + 0.05 * sine(1336, time)), RATE)).toBeUndefined()
  })

  it('none in something like speech: a pitch that glides, with its harmonics', () => {
    for (let pitch = 80; pitch < 400; pitch += 1.5) {
      expect(digitIn(samples((time) => [1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, harmonic) => sum + sine(pitch * harmonic, time) / harmonic, 0)), RATE), String(pitch)).toBeUndefined()
    }
  })

  it('each begins once, and the same one again after a pause', () => {
    const course = new DigitCourse()
    const looks = ['', '1', '', '1', '1', '1', '1', '', '1', '1', '', '', '', '1', '1', '1', '2', '2', '2', '', '', '', '2']
    expect(looks.map((look, index) => course.look(look === '' ? undefined : look, 5 * index) ?? '').join('.')).toBe('.....1..........1...2....')
  })
})

import { describe, expect, it } from 'vitest'
import { IMPAIRMENTS, mosOf, ratingOf } from '../src/quality/e-model.js'

describe('ITU-T G.107: the E-model', () => {
  // Annex B, table B.1: bounds of user satisfaction.
  it.each([[90, 4.34], [80, 4.03], [70, 3.6], [60, 3.1], [50, 2.58], [0, 1], [93.2, 4.41]])('a rating of %d is a score of %d', (rating, score) => {
    expect(mosOf(rating)).toBeCloseTo(score, 1.9)
  })

  it.each([
    { delay: 0, loss: 0, codec: 'PCMU', rating: 93.2 },
    { delay: 100, loss: 0, codec: 'PCMU', rating: 90.8 },
    // 0.024·200 + 0.11·22.7
    { delay: 200, loss: 0, codec: 'PCMU', rating: 85.903 },
    { delay: 400, loss: 0, codec: 'PCMU', rating: 59.103 },
    // 95·1/26.1, 95·5/30.1
    { delay: 0, loss: 0.01, codec: 'PCMA', rating: 89.5602 },
    { delay: 0, loss: 0.05, codec: 'opus', rating: 77.4193 },
    // 11 + 84·2/21
    { delay: 0, loss: 0.02, codec: 'G729', rating: 74.2 },
    { delay: 0, loss: 1, codec: 'PCMU', rating: 17.2606 },
    { delay: 5_000, loss: 1, codec: 'PCMU', rating: 0 },
    { delay: 0, loss: 7, codec: 'unheard-of', rating: 17.2606 },
    { delay: 0, loss: -1, codec: '', rating: 93.2 },
  ])('$delay ms, loss $loss, $codec: $rating', ({ rating, ...conditions }) => {
    expect(ratingOf(conditions)).toBeCloseTo(rating, 3)
  })

  it('never gets better by more delay or loss, for any codec', () => {
    for (const codec of Object.keys(IMPAIRMENTS)) {
      for (let step = 0; step < 50; step++) {
        expect(ratingOf({ delay: 20 * (step + 1), loss: 0.02, codec })).toBeLessThanOrEqual(ratingOf({ delay: 20 * step, loss: 0.02, codec }))
        expect(ratingOf({ delay: 50, loss: (step + 1) / 50, codec })).toBeLessThanOrEqual(ratingOf({ delay: 50, loss: step / 50, codec }))
      }
      for (let rating = 0; rating < 93; rating++) expect(mosOf(rating + 1), `${rating}`).toBeGreaterThanOrEqual(mosOf(rating) - (rating < 7 ? 0.02 : 0))
    }
  })
})

import { describe, expect, it } from 'vitest'
import { parseMessage } from '../../src/index.js'
import { headerTable, validateMessage } from '../../src/lint/index.js'
import { mutate } from '../mutation.js'
import { casesOr, oneOf, seeded, seedOr } from '../random.js'
import { sample } from './lint-samples.js'

const inputs = casesOr('LINT_INPUTS', 1500)
const seed = seedOr(20_261_124)
const names = Array.from(new Set(headerTable.map(({ name }) => name)))
const starts = ['INVITE', 'REGISTER sip:a.example', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'PRACK', 'CANCEL', 'INVITE 183', 'INVITE 200', 'INVITE 401', 'REGISTER 423', 'MAKE']
const values = ['<sip:a@b.example>', '1;refresher=uac', 'Digest realm="a", nonce="b"', '*', '1@a;to-tag=1;from-tag=2', '100rel', 'active;expires=1', '', '<sips:a@[::1]:5;transport=tls;lr>, <tel:1>']

describe('validateMessage on mutated messages', () => {
  it(`never throws, and points into the message (SEED=${seed})`, () => {
    const random = seeded(seed)
    let parsed = 0
    for (let at = 0; at < inputs; at++) {
      const text = mutate(sample(oneOf(random, starts), Array.from({ length: 4 }, () => `${oneOf(random, names)}: ${oneOf(random, values)}`)), random, 4)
      const octets = Uint8Array.from(text, (character) => character.charCodeAt(0))
      const result = parseMessage(octets)
      if (!result.ok) continue
      parsed++
      for (const { offset, length = 0, section } of validateMessage(result.value, octets)) {
        if (!(offset >= 0 && offset + length <= octets.length) || section === undefined) expect.unreachable(JSON.stringify({ text, offset, length, section }))
      }
      expect(validateMessage(result.value).every(({ offset }) => offset >= 0)).toBe(true)
    }
    expect(parsed).toBeGreaterThan(inputs / 4)
  }, 5000 + 2 * inputs)
})

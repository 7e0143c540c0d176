import { describe, expect, it } from 'vitest'
import { parseMessage } from '../../src/index.js'
import { validateMessage } from '../../src/lint/index.js'
import { growth } from '../growth.js'
import { bytesOf } from '../samples.js'
import { sample } from './lint-samples.js'

const limits = { maxMessageBytes: 1e7, maxHeaderBytes: 1e7, maxHeaderFields: 1e6 }

const shapes: Readonly<Record<string, (size: number) => string>> = {
  'option tags': (size) => `Supported: ${Array.from({ length: size / 8 }, (_, at) => `t${at}`).join(',')}`,
  'one option tag': (size) => `Supported: ${'tt,'.repeat(size / 3)}tt`,
  'Via values': (size) => `Via: ${Array.from({ length: size / 40 }, (_, at) => `SIP/2.0/UDP a.example;branch=z9hG4bK${at}`).join(',')}`,
  'the same Via value': (size) => `Via: ${Array.from({ length: size / 40 }, () => 'SIP/2.0/UDP a.example;branch=z9hG4bK1').join(',')}`,
  'Contact values': (size) => `Contact: ${Array.from({ length: size / 20 }, (_, at) => `<tel:${at}>`).join(',')}`,
  'Record-Route values': (size) => `Record-Route: ${Array.from({ length: size / 20 }, (_, at) => `<sip:p${at}.example>`).join(',')}`,
  'header fields': (size) => Array.from({ length: size / 20 }, (_, at) => `Subject: ${at}`).join('\r\n'),
  'unknown header fields': (size) => Array.from({ length: size / 20 }, (_, at) => `X-${at}: ${at}`).join('\r\n'),
  'folded lines': (size) => `Subject: a${'\r\n b'.repeat(size / 4)}`,
  'Privacy values': (size) => `Privacy: ${'id;'.repeat(size / 3)}id`,
  'digest parameters': (size) => `Authorization: Digest realm="a"${Array.from({ length: size / 8 }, (_, at) => `,a${at}=1`).join('')}`,
  'parameters of Replaces': (size) => `Replaces: 1@a${';a=b'.repeat(size / 4)}`,
}

describe('validateMessage takes time in proportion to the message', () => {
  it.each(Object.entries(shapes))('%s', (_, lines) => {
    const ratio = growth((size) => {
      const octets = bytesOf(sample('INVITE', [lines(size)]))
      const result = parseMessage(octets, { limits })
      if (!result.ok) throw result.error
      const message = result.value
      return () => void validateMessage(message, octets)
    }, 30_000)
    expect(ratio).toBeLessThan(2.3)
  })
  it('gives at most 32 findings of a rule', () => {
    const octets = bytesOf(sample('INVITE', [`Supported: ${Array.from({ length: 100 }, (_, at) => `t${at}`).join(',')}`]))
    const result = parseMessage(octets)
    if (!result.ok) throw result.error
    expect(validateMessage(result.value, octets).filter(({ code }) => code === 'unknown-option-tag')).toHaveLength(32)
  })
})

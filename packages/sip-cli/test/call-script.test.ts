import { describe, expect, it } from 'vitest'
import { parseScript, scriptOf } from '../src/agent/call-script.js'
import { headersOf, headerOptions } from '../src/agent/request-headers.js'
import { featureOptions, featuresOf } from '../src/agent/call-features.js'
import { digestGuard } from '../src/agent/digest-guard.js'
import { Arguments } from '../src/command-line/arguments.js'

const args = (...words: readonly string[]): Arguments =>
  Arguments.parse({ ...featureOptions, ...headerOptions, user: { value: '<name>', text: '' }, 'hold-after': { value: '<seconds>', text: '' } }, words)

describe('a script of timed actions', () => {
  it('has one a line, counted from the answer or from the line before', () => {
    expect(parseScript('# a call\n\n1 hold\n+0.5 resume\n 3  dtmf  12,#\n4 refer sip:carol@example.com\n', 'x')).toEqual([
      { at: 1, action: 'hold', words: '' }, { at: 1.5, action: 'resume', words: '' }, { at: 3, action: 'dtmf', words: '12,#' },
      { at: 4, action: 'refer', words: 'sip:carol@example.com' },
    ])
  })

  it.each([
    ['1 dance', /line 1 of x is not "<seconds> <action>" with one of hold, resume/],
    ['1 hold\nhold', /line 2 of x is not/],
    ['1 constructor', /line 1 of x is not/],
    ['1 dtmf', /line 1 of x needs digits after dtmf/],
    ['1 refer :', /line 1 of x refers to ":", which is no URI/],
  ])('%j is complained of', (text, complaint) => {
    expect(() => parseScript(text, 'x')).toThrow(complaint)
  })

  it('options stand for one step each', async () => {
    expect(await scriptOf(args('--reinvite-after', '2', '--hold-after', '1'), { 'reinvite-after': 'reinvite', 'hold-after': 'hold', 'update-after': 'update' }))
      .toEqual([{ at: 1, action: 'hold', words: '' }, { at: 2, action: 'reinvite', words: '' }])
  })
})

describe('header fields of the INVITE', () => {
  it('are taken as they are written', () => {
    expect(headersOf(args('--header', 'X-A: 1', '--header', 'X-A:2', '--header', 'Subject: a: b', '--replaces', 'abc;to-tag=1;from-tag=2'), 'sip:b@x')).toEqual({
      'X-A': ['1', '2'], Subject: ['a: b'], Replaces: 'abc;to-tag=1;from-tag=2', Require: 'replaces',
    })
  })

  it('credentials may come before they are asked for', () => {
    expect(headersOf(args('--preemptive-auth', '--user', 'bob@x', '--realm', 'r'), 'sip:b@x')['Authorization']).toBe('Digest username="bob", realm="r", nonce="", uri="sip:b@x", response=""')
  })

  it.each([[['--header', 'nonsense']], [['--replaces', 'abc']], [['--preemptive-auth']]])('%j is complained of', (words) => {
    expect(() => headersOf(args(...words), 'sip:b@x')).toThrow(/takes|needs/)
  })
})

describe('features', () => {
  it('come with their option tags', () => {
    const tags = (...words: readonly string[]): readonly string[] => featuresOf(args(...words), () => undefined).flatMap(({ supported = [] }) => supported)
    expect(tags()).toEqual(expect.arrayContaining(['100rel', 'replaces']))
    expect(tags()).not.toContain('timer')
    expect(tags('--min-se', '120')).toContain('timer')
    expect(tags('--100rel', 'none')).not.toContain('100rel')
    expect(() => tags('--100rel', 'maybe')).toThrow(/supported, required or none/)
    expect(() => tags('--session-expires', '5')).toThrow(/seconds from 90/)
    expect(() => digestGuard('bob', () => 0)).toThrow(/name:password/)
  })
})

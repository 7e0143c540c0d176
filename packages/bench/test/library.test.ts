import { expect, it } from 'vitest'
import { buildDrivers } from '../src/native/library.ts'

it('leaves the C libraries out without a compiler, with a line each on what to install', () => {
  const lines: string[] = []
  expect(buildDrivers('messages', { say: (line) => lines.push(line), compiler: 'no-such-compiler' })).toEqual([])
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^Sofia-SIP is left out; to have it measured: apt-get install gcc/)
  expect(lines[1]).toMatch(/^libosip2 is left out; to have it measured: apt-get install gcc/)
})

it('and Sofia-SIP\'s parser of session descriptions', () => {
  const lines: string[] = []
  expect(buildDrivers('descriptions', { say: (line) => lines.push(line), compiler: 'no-such-compiler' })).toEqual([])
  expect(lines).toEqual([expect.stringMatching(/^Sofia-SIP is left out/)])
})

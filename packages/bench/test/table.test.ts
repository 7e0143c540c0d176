import { describe, expect, it } from 'vitest'
import { aim, atMost, faster, within } from '../src/goals.ts'
import { missedGoals, rowOf, rowOfValues, toMarkdown } from '../src/table.ts'

const lastCell = (line: string | undefined): string => line?.split('|').at(-2)?.trim() ?? ''

describe('a row of timed systems', () => {
  const figures = [
    { system: 'offhook', micros: 2, rounds: [2, 2, 4] },
    { system: 'sip', micros: 20, rounds: [20, 22, 20] },
    { system: 'floor: decode', micros: 1, rounds: [1, 1, 1] },
  ]
  const row = rowOf('parse', 'µs', figures, { goals: [faster('sip', 8), faster('sip', 11), within('floor', 2), faster('libosip2', 4), aim(faster('sip', 20)), atMost(1)] })

  it('takes ratios round by round', () => {
    expect(row.ratios.get('sip')).toBe(10)
  })
  it('names a floor by what stands before the colon', () => {
    expect([...row.values.keys()]).toEqual(['offhook', 'sip', 'floor'])
  })
  it('shows every goal with its verdict, and says what was not measured', () => {
    expect(lastCell(toMarkdown([row]).split('\n')[2])).toBe('≥ 8× sip ✓<br>≥ 11× sip ✗<br>≤ 2× the floor ✓<br>≥ 4× libosip2 (not measured)<br>aim ≥ 20× sip ✗<br>≤ 1 µs ✗')
  })
  it('fails for a goal that is missed, not for an aim nor for a system that is not there', () => {
    expect(missedGoals([row])).toEqual(['parse: ≥ 11× sip', 'parse: ≤ 1 µs'])
  })
  it('has as many cells in every line as there are columns', () => {
    expect(new Set(toMarkdown([row]).split('\n').map((line) => line.split('|').length)).size).toBe(1)
  })
})

describe('a row of single values', () => {
  it('shows ours in bold and the others with their ratio', () => {
    const line = toMarkdown([rowOfValues('bundle', 'KB gzip', new Map([['offhook', 5], ['jssip', 55.72]]), [atMost(6), aim(atMost(4.5))])]).split('\n')[2]
    expect(line).toContain('| **5.00** | 55.7 (11.1×) |')
    expect(lastCell(line)).toBe('≤ 6 KB gzip ✓<br>aim ≤ 4.5 KB gzip ✗')
  })
  it('has no goals of its own', () => {
    expect(missedGoals([rowOfValues('heap', 'KB', new Map([['offhook', 10]]))])).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { FlowTransactions } from '../src/flow-transactions.js'
import type { FlowMember } from '../src/flow-transactions.js'

interface Flow {
  readonly name: string
}

class Member implements FlowMember<Flow, Member> {
  older: Member | undefined
  newer: Member | undefined
  readonly flow: Flow

  constructor(flow: Flow) {
    this.flow = flow
  }
}

describe('The transactions of each flow', () => {
  const [one, other] = [{ name: 'one' }, { name: 'other' }]
  const chains = new FlowTransactions<Flow, Member>()
  const [a, b, c] = [new Member(one), new Member(one), new Member(one)]
  const d = new Member(other)

  it('are told in the order in which they came, whoever left between them, and leave more than once', () => {
    for (const member of [a, b, d, c]) chains.add(member)
    expect(chains.of(one)).toEqual([a, b, c])
    chains.remove(b)
    chains.remove(b)
    expect(chains.of(one)).toEqual([a, c])
    chains.remove(c)
    chains.remove(c)
    expect(chains.of(one)).toEqual([a])
    chains.add(b)
    chains.remove(a)
    expect(chains.of(one)).toEqual([b])
    chains.remove(b)
    expect(chains.of(one)).toEqual([])
    expect(chains.of(other)).toEqual([d])
    expect([a.older, a.newer, b.older, b.newer]).toEqual([undefined, undefined, undefined, undefined])
  })
})

/** A member of a {@link FlowTransactions}, which alone touches its links. */
export interface FlowMember<F extends object, Self> {
  readonly flow: F
  /** Of the same flow, the one that was added next before. */
  older: Self | undefined
  newer: Self | undefined
}

/** The transactions of one flow, from the newest on. */
interface Chain<Member> {
  newest: Member | undefined
}

/** The transactions of each flow, chained to each other: nothing but two links is kept for each. */
export class FlowTransactions<F extends object, Member extends FlowMember<F, Member>> {
  readonly #chains = new WeakMap<F, Chain<Member>>()
  /** Of the flow that was asked for last: most messages come in a row on one flow. */
  #last: { readonly flow: F; readonly chain: Chain<Member> } | undefined

  add(member: Member): void {
    const chain = this.#chainOf(member.flow)
    const { newest } = chain
    member.older = newest
    if (newest !== undefined) newest.newer = member
    chain.newest = member
  }

  /** Takes one out; harmless when it is out already. */
  remove(member: Member): void {
    const { flow, older, newer } = member
    if (older !== undefined) older.newer = newer
    if (newer !== undefined) newer.older = older
    else {
      const chain = this.#chainOf(flow)
      if (chain.newest === member) chain.newest = older
    }
    member.older = member.newer = undefined
  }

  /** Those of one flow, as they came. */
  of(flow: F): readonly Member[] {
    const members: Member[] = []
    for (let member = this.#chainOf(flow).newest; member !== undefined; member = member.older) members.push(member)
    return members.reverse()
  }

  #chainOf(flow: F): Chain<Member> {
    if (this.#last?.flow === flow) return this.#last.chain
    let chain = this.#chains.get(flow)
    if (chain === undefined) this.#chains.set(flow, (chain = { newest: undefined }))
    this.#last = { flow, chain }
    return chain
  }
}

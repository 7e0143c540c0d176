/** A member of a {@link FlowTransactions}, which alone touches its links. */
export interface FlowMember<F extends object, Self> {
  readonly flow: F
  /** Of the same flow, the one that was added next before. */
  older: Self | undefined
  newer: Self | undefined
}

/** The transactions of each flow, chained to each other: nothing but two links is kept for each, and nothing is looked up to leave. */
export class FlowTransactions<F extends object, Member extends FlowMember<F, Member>> {
  readonly #newest = new WeakMap<F, Member>()

  add(member: Member): void {
    const { flow } = member
    const newest = this.#newest.get(flow)
    member.older = newest
    if (newest !== undefined) newest.newer = member
    this.#newest.set(flow, member)
  }

  /** Takes one out; harmless when it is out already. */
  remove(member: Member): void {
    const { flow, older, newer } = member
    if (older !== undefined) older.newer = newer
    if (newer !== undefined) newer.older = older
    else if (this.#newest.get(flow) === member) {
      if (older === undefined) this.#newest.delete(flow)
      else this.#newest.set(flow, older)
    }
    member.older = member.newer = undefined
  }

  /** Those of one flow, as they came. */
  of(flow: F): readonly Member[] {
    const members: Member[] = []
    for (let member = this.#newest.get(flow); member !== undefined; member = member.older) members.push(member)
    return members.reverse()
  }
}

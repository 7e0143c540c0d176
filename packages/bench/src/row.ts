/** One line of the table. */
export interface Row {
  readonly task: string
  readonly unit: string
  /** System → value; ours is `offhook`. */
  readonly values: ReadonlyMap<string, number>
  /** System → how many times less than it we take. */
  readonly ratios: ReadonlyMap<string, number>
  readonly goals: readonly Goal[]
}

/** One thing that a row must reach, or aims at. */
export interface Goal {
  /** As the table shows it. */
  text(row: Row): string
  /** Undefined when the system it speaks of was not measured. */
  met(row: Row): boolean | undefined
  /** Missing it fails nothing. */
  readonly aim: boolean
}

// What is measured: an operation that is done `count` times.

export type Operation = (count: number) => void | Promise<void>

/** One system under one task. It is prepared in a process of its own. */
export interface Subject {
  /** Name of the system, as the table shows it. */
  readonly system: string
  prepare(): Operation | Promise<Operation>
}

/** What one group file exports: task → its subjects. */
export type Group = Readonly<Record<string, readonly Subject[]>>

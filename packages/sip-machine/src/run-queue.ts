/**
 * First in, first out, run to completion: the event queue of a composition root.
 *
 * A task that is handed in while another one runs waits until that one has returned, so no machine is ever entered
 * from within itself. A task that throws does not stop those behind it; what it threw is thrown once the queue is empty.
 */
export class RunQueue {
  readonly #tasks: (() => void)[] = []

  /** Whether a task runs at this moment. */
  get running(): boolean {
    return this.#tasks.length > 0
  }

  /**
   * Runs the task now, or behind those that wait when one is running.
   *
   * @throws What the task threw; an `AggregateError` when several of those that ran in this call threw.
   */
  run(task: () => void): void {
    if (this.#tasks.push(task) > 1) return
    const thrown: unknown[] = []
    // Also takes the tasks that are handed in meanwhile.
    for (const next of this.#tasks) {
      try {
        next()
      } catch (error) {
        thrown.push(error)
      }
    }
    this.#tasks.length = 0
    if (thrown.length > 1) throw new AggregateError(thrown, 'Several tasks threw.')
    if (thrown.length > 0) throw thrown[0]
  }
}

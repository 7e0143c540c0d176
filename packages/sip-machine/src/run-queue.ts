/**
 * First in, first out, run to completion: the event queue of a composition root.
 *
 * A task that is handed in while another one runs waits until that one has returned, so no machine is ever entered
 * from within itself. A task that throws does not stop those behind it; what it threw is thrown once the queue is empty.
 */
export class RunQueue {
  #waiting: (() => void)[] | undefined

  /** Whether a task runs at this moment. */
  get running(): boolean {
    return this.#waiting !== undefined
  }

  /**
   * Runs the task now, or behind those that wait when one is running.
   *
   * @throws What the task threw; an `AggregateError` when several of those that ran in this call threw.
   */
  run(task: () => void): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(task)
      return
    }
    const tasks = [task]
    this.#waiting = tasks
    let thrown: unknown[] | undefined
    // Also takes the tasks that are handed in meanwhile.
    for (const next of tasks) {
      try {
        next()
      } catch (error) {
        thrown ??= []
        thrown.push(error)
      }
    }
    this.#waiting = undefined
    if (thrown === undefined) return
    if (thrown.length > 1) throw new AggregateError(thrown, 'Several tasks threw.')
    throw thrown[0]
  }
}

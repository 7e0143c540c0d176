/**
 * First in, first out, run to completion: the event queue of a composition root.
 *
 * A task that is handed in while another one runs waits until that one has returned, so no machine is ever entered
 * from within itself. A task that throws does not stop those behind it; what it threw is thrown once the queue is empty.
 */
export class RunQueue {
  readonly #tasks: (() => void)[] = []
  #running = false

  /** Whether a task runs at this moment. */
  get running(): boolean {
    return this.#running
  }

  /**
   * Runs the task now, or behind those that wait when one is running.
   *
   * @throws What the task threw; an `AggregateError` when several of those that ran in this call threw.
   */
  run(task: () => void): void {
    this.#tasks.push(task)
    if (this.#running) return
    this.#running = true
    const thrown: unknown[] = []
    for (let index = 0; index < this.#tasks.length; index++) {
      try {
        this.#tasks[index]?.()
      } catch (error) {
        thrown.push(error)
      }
    }
    this.#tasks.length = 0
    this.#running = false
    if (thrown.length > 1) throw new AggregateError(thrown, `${thrown.length} tasks threw.`)
    if (thrown.length === 1) throw thrown[0]
  }
}

/** Milliseconds on a monotonic clock that the outermost caller owns. `Infinity` means never. */
export type Instant = number

/**
 * A protocol machine without I/O: time and inputs go in, effects come out.
 *
 * Effects are read only after the method has returned, so nobody re-enters a machine.
 */
export interface Machine<Input, Effect> {
  /** Something happened at `now`; what follows from it is appended to `out`. */
  receive(now: Instant, input: Input, out: Effect[]): void
  /** Fires what is due at `now`. Early calls are harmless. */
  wake(now: Instant, out: Effect[]): void
  /** When {@link Machine.wake} wants to be called; `Infinity` when idle. May change at every call. */
  readonly deadline: Instant
}

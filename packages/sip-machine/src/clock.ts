import type { Instant } from './machine.js'

/** Where time comes from. Protocol code never asks for it; composition roots do. */
export interface Clock {
  /** The present instant, in milliseconds, never going back. */
  now(): Instant
  /** Calls `wake` once, at `at` or soon after it. The returned function cancels the call; cancelling twice is harmless. */
  schedule(at: Instant, wake: () => void): () => void
}

import type { OperationOutcome } from './call-types.js'

/** It is done, or it was so already. */
export const OK: OperationOutcome = { ok: true }
/** The call is over. */
export const ENDED: OperationOutcome = { ok: false, code: 'ended', reason: 'The call has ended.' }

/** It failed on this side. */
export function failed(error: unknown): OperationOutcome {
  return { ok: false, code: 'failed', reason: textOf(error), error }
}

/** The peer said no. */
export function refused(status: number, reason: string): OperationOutcome {
  return { ok: false, code: 'refused', status, reason }
}

/** What an error says, for people. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Calls `task` when the signal aborts, or at once if it has; the function returned takes it back. */
export function whenAborted(signal: AbortSignal | undefined, task: () => void): () => void {
  if (signal === undefined) return () => undefined
  if (signal.aborted) task()
  else signal.addEventListener('abort', task, { once: true })
  return () => signal.removeEventListener('abort', task)
}

/** The outcome, or that the caller gave up waiting for it. */
export function abortable(outcome: Promise<OperationOutcome>, signal: AbortSignal | undefined): Promise<OperationOutcome> {
  if (signal === undefined) return outcome
  return new Promise((resolve) => {
    const forget = whenAborted(signal, () => {
      resolve({ ok: false, code: 'aborted', reason: 'Given up by the application.', error: signal.reason })
    })
    void outcome.then((value) => {
      forget()
      resolve(value)
    })
  })
}

/** Why a measurement cannot be made. */
export type BenchErrorCode = 'process-ended' | 'message-refused' | 'calls-failed' | 'build-failed'

/** Nothing that this process measures can be trusted after it; `code` says why. */
export class BenchError extends Error {
  readonly code: BenchErrorCode

  constructor(code: BenchErrorCode, message: string) {
    super(message)
    this.name = 'BenchError'
    this.code = code
  }
}

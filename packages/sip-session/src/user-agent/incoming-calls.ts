import type { Call } from '../call/call.js'
import { whenAborted } from '../call/operation.js'
import type { OperationOptions } from '../call/call-types.js'
import type { UserAgent } from './user-agent.js'

/**
 * The calls of others, one after the other, as they come: those that come while one is dealt with wait. Calls are taken from the
 * first `next()` until the loop is left or the signal aborts; one that ended while it waited is passed over.
 *
 * @example
 * for await (const call of incomingCalls(agent)) await call.answer()
 */
export async function* incomingCalls(agent: UserAgent, { signal }: OperationOptions = {}): AsyncGenerator<Call, void, undefined> {
  const waiting: Call[] = []
  let wake = (): void => undefined
  const stopListening = agent.on('incoming', (call) => {
    waiting.push(call)
    wake()
  })
  const forget = whenAborted(signal, () => wake())
  try {
    while (signal?.aborted !== true) {
      const call = waiting.shift()
      if (call === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else if (call.state.name !== 'ended') yield call
    }
  } finally {
    stopListening()
    forget()
  }
}

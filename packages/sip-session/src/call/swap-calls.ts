import type { Call } from './call.js'
import type { OperationOptions, OperationOutcome } from './call-types.js'

/**
 * Puts one call on hold and goes on with another: call waiting, or asking back before a transfer.
 *
 * When the first one cannot be held nothing else is done. A call that is over need not be held.
 */
export async function swapCalls(from: Call, to: Call, options: OperationOptions = {}): Promise<OperationOutcome> {
  if (from.state.name === 'established') {
    const held = await from.hold(options)
    if (!held.ok && held.code !== 'ended') return held
  }
  return to.state.name === 'ringing' && to.direction === 'incoming' ? to.answer(options) : to.resume(options)
}

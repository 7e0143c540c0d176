import type { Call, OperationOutcome } from '@offhook/sip-session'

/** Describes changed media to the peer: now, or where the first exchange is still to come or under way, by it or after it. */
export async function renegotiate(call: Call): Promise<OperationOutcome> {
  if (call.direction === 'incoming' && call.state.name === 'ringing') return { ok: true }
  await call.answered
  return call.renegotiate()
}

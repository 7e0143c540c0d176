import { TransportError } from '@offhook/sip-transport'
import type { Flow, Target } from '@offhook/sip-transport'
import { toTransportError } from './platform-error.js'

/** How long an address may keep us waiting before the next one is tried beside it, in ms (RFC 8305 §5). */
const ATTEMPT_DELAY = 250

/**
 * Connects to whichever address of a server answers first (RFC 7984 §3, RFC 8305 §5): the next one is tried when the one before failed, or
 * beside it when that is slow. Only for transports that connect before they send. The losers are given up.
 *
 * Rejects with what the first address said when none can be reached; `aborted` when `signal` said so.
 */
export function raceAddresses(
  target: Target, signal: AbortSignal | undefined, connect: (target: Target, signal: AbortSignal | undefined) => Promise<Flow>,
): Promise<Flow> {
  const { alternates = [], ...first } = target
  if (alternates.length === 0) return connect(first, signal)
  const left = [first, ...alternates.map((host) => ({ ...first, host }))]
  return new Promise((resolve, reject) => {
    const attempts = new Set<AbortController>()
    let failure: TransportError | undefined
    let settled = false
    let next: ReturnType<typeof setTimeout> | undefined
    const settle = (winner?: AbortController): void => {
      settled = true
      clearTimeout(next)
      signal?.removeEventListener('abort', aborted)
      for (const attempt of attempts) if (attempt !== winner) attempt.abort()
    }
    const aborted = (): void => {
      settle()
      reject(new TransportError('aborted', 'The connection attempt was given up.', signal?.reason))
    }
    const failed = (error: unknown, attempt: AbortController): void => {
      attempts.delete(attempt)
      failure ??= toTransportError(error, 'Cannot connect')
      if (settled) return
      if (left.length > 0) return start()
      if (attempts.size > 0) return
      settle()
      reject(failure)
    }
    const start = (): void => {
      clearTimeout(next)
      const address = left.shift()
      if (address === undefined) return
      const attempt = new AbortController()
      attempts.add(attempt)
      if (left.length > 0) next = setTimeout(start, ATTEMPT_DELAY)
      const connected = (flow: Flow): void => {
        // Two may answer at the same moment.
        if (settled) return flow.close()
        settle(attempt)
        resolve(flow)
      }
      connect(address, attempt.signal).then(connected, (error: unknown) => failed(error, attempt))
    }
    if (signal?.aborted === true) return aborted()
    signal?.addEventListener('abort', aborted, { once: true })
    start()
  })
}

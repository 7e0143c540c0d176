import { randomInteger } from '@offhook/sip-machine'
import type { RandomSource } from '@offhook/sip-machine'
import { legible } from '@offhook/sip-parser'
import type { SipResponse } from '@offhook/sip-parser'
import type { Added } from './added.js'

/** What a 500 says that is to be tried again a little later (RFC 3261 §14.2, RFC 3311 §5.2). */
export function postponement(random: RandomSource): Added {
  return { headers: [['Retry-After', randomInteger(random, 0, 11)]] }
}

/**
 * Milliseconds to wait before a refused re-INVITE or UPDATE may be tried again, `undefined` when it may not.
 *
 * After 491 the owner of the Call-ID waits 2.1 to 4 s, the other side 0 to 2 s, in steps of 10 ms (RFC 3261 §14.1).
 */
export function retryDelay(response: SipResponse, ownsCallId: boolean, random: RandomSource): number | undefined {
  if (response.statusCode < 300) return undefined
  if (response.statusCode === 491) return 10 * (ownsCallId ? randomInteger(random, 210, 401) : randomInteger(random, 0, 201))
  // The interval of the session was too short, and the next attempt asks for a longer one (RFC 4028 §7.3).
  if (response.statusCode === 422) return 0
  const seconds = legible(() => response.retryAfter)
  return seconds === undefined ? undefined : 1000 * seconds
}

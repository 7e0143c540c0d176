import type { Hop } from './hop.js'
import type { TransactionEffect } from './layer-messages.js'

/**
 * Whether an effect of a client transaction calls for the next target of the request (RFC 3263 §4.3): its flow failed, nobody
 * answered (timer B or F), or the answer was 503. The request then goes out again with a fresh branch, in a transaction of its own.
 */
export function callsForNextTarget<F extends Hop>(effect: TransactionEffect<F>): boolean {
  switch (effect.type) {
    case 'flow-failed': return true
    case 'timeout': return effect.timer !== 'H'
    case 'response': return effect.response.statusCode === 503
    default: return false
  }
}

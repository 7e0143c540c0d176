import type { RandomSource } from '@offhook/sip-machine'
import type { KeepAlive } from '../flow-watch.js'
import { TransportError } from '../transport-error.js'
import { STUN_TYPE, TRANSACTION_ID_BYTES, mappedAddressOf, parseStun, serializeStun } from './stun-message.js'

/** What {@link stunKeepAlive} takes. Times in milliseconds. */
export interface StunKeepAliveOptions {
  readonly random: RandomSource
  /** A request goes out at random between 80 % and 100 % of this: 29,000 unless told (RFC 5626 §4.4.2). */
  readonly interval?: number
  /** The flow has failed when nothing came by then: 39,500 unless told (RFC 5389 §7.2.1). */
  readonly pongTimeout?: number
}

const INTERVAL = 29_000
/** The whole of a client transaction over UDP, and its first retransmission (RFC 5389 §7.2.1). */
const TRANSACTION_TIMEOUT = 39_500
const RETRANSMISSION_TIMEOUT = 500

/**
 * Keeps one UDP flow alive by STUN Binding requests (RFC 5626 §4.4.2, RFC 5389). The flow fails when its peer falls silent, or when
 * the peer sees it at another address than before: the NAT has forgotten it, and nobody finds back.
 *
 * For peers that answer STUN where they listen for SIP. Make one for each flow.
 *
 * @example
 * layer.keepAlive(flow, stunKeepAlive({ random }))
 */
export function stunKeepAlive(options: StunKeepAliveOptions): KeepAlive {
  const { random, interval = INTERVAL, pongTimeout = TRANSACTION_TIMEOUT } = options
  let transactionId: Uint8Array | undefined
  let mapped: string | undefined
  return {
    interval,
    pongTimeout,
    retransmitAfter: RETRANSMISSION_TIMEOUT,
    ping(flow) {
      if (transactionId === undefined) random.fill((transactionId = new Uint8Array(TRANSACTION_ID_BYTES)))
      flow.send(serializeStun({ type: STUN_TYPE.request, transactionId, attributes: [] }))
    },
    hear(bytes) {
      const message = parseStun(bytes)
      if (message === undefined) return undefined
      const expected = transactionId?.every((octet, index) => octet === message.transactionId[index]) === true
      // Nobody but the peer knows the transaction ID: what has another one proves nothing.
      if (!expected || message.type !== STUN_TYPE.success) return 'noise'
      transactionId = undefined
      const before = mapped
      mapped = mappedAddressOf(message)
      return before === undefined || mapped === before ? 'pong' : new TransportError('closed', 'The NAT gave this flow another address.')
    },
  }
}

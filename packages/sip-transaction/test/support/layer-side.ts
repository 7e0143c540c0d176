import { seededRandom } from '@offhook/sip-machine/testing'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import type { TransactionEffect, TransactionInput } from '../../src/layer-messages.js'
import { TransactionLayer } from '../../src/transaction-layer.js'
import type { TransactionLayerOptions } from '../../src/transaction-layer.js'

export interface TestFlow {
  readonly name: string
  readonly reliable: boolean
}

export const udp: TestFlow = { name: 'udp', reliable: false }
export const tcp: TestFlow = { name: 'tcp', reliable: true }

/** A layer with a present instant and the effects of the last step. */
export class LayerSide {
  readonly layer: TransactionLayer<TestFlow>
  now = 0

  constructor(options: Partial<TransactionLayerOptions> = {}) {
    this.layer = new TransactionLayer({ random: seededRandom(1), ...options })
  }

  step(input: TransactionInput<TestFlow>): TransactionEffect<TestFlow>[] {
    const out: TransactionEffect<TestFlow>[] = []
    this.layer.receive(this.now, input, out)
    return out
  }

  open(key: string, request: SipRequest, flow: TestFlow = udp): TransactionEffect<TestFlow>[] {
    return this.step({ type: 'request', key, request, flow })
  }

  incoming(message: SipMessage, flow: TestFlow = udp): TransactionEffect<TestFlow>[] {
    return this.step({ type: 'message', message, flow })
  }

  respond(key: string, response: SipResponse): TransactionEffect<TestFlow>[] {
    return this.step({ type: 'respond', key, response })
  }

  /** The key of the server transaction that the request opened. */
  accept(request: SipRequest, flow: TestFlow = udp): string {
    const [effect] = this.incoming(request, flow)
    if (effect?.type !== 'request' && effect?.type !== 'cancel') throw new TypeError(`the request opened nothing: ${effect?.type ?? 'no effect'}`)
    return effect.key
  }

  /** Lets `ms` pass, deadline by deadline. */
  pass(ms: number): TransactionEffect<TestFlow>[] {
    const until = this.now + ms
    const out: TransactionEffect<TestFlow>[] = []
    while (this.layer.deadline <= until) {
      this.now = this.layer.deadline
      this.layer.wake(this.now, out)
    }
    this.now = until
    return out
  }
}

export const typesOf = (effects: readonly TransactionEffect<TestFlow>[]): string[] => effects.map(({ type }) => type)

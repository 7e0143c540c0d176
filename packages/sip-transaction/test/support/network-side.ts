import { Alarm, RunQueue } from '@offhook/sip-machine'
import type { Clock, RandomSource } from '@offhook/sip-machine'
import type { LossyNetwork, NetworkPort } from '@offhook/sip-machine/testing'
import { parseMessage, serializeMessage } from '@offhook/sip-parser'
import type { SipMessage } from '@offhook/sip-parser'
import type { TransactionEffect, TransactionInput } from '../../src/layer-messages.js'
import { TransactionLayer } from '../../src/transaction-layer.js'

/** An unreliable flow to one address. */
export interface NetworkFlow {
  readonly reliable: false
  readonly to: string
}

export type NetworkEffect = TransactionEffect<NetworkFlow>

/** The smallest composition root: a layer on a lossy network, with one alarm and one queue. */
export class NetworkSide {
  readonly layer: TransactionLayer<NetworkFlow>
  readonly alarm: Alarm
  readonly address: string
  readonly clock: Clock
  readonly #port: NetworkPort
  readonly #queue = new RunQueue()
  readonly #flows = new Map<string, NetworkFlow>()
  readonly #user: (effect: NetworkEffect) => void

  constructor(options: { clock: Clock; random: RandomSource; network: LossyNetwork; address: string; user: (effect: NetworkEffect) => void }) {
    this.clock = options.clock
    this.address = options.address
    this.#user = options.user
    this.layer = new TransactionLayer({ random: options.random })
    this.alarm = new Alarm(options.clock, () => this.#run((now, out) => this.layer.wake(now, out)))
    this.#port = options.network.attach(options.address, (bytes, from) => {
      const parsed = parseMessage(bytes)
      if (parsed.ok) this.do({ type: 'message', message: parsed.value, flow: this.flowTo(from) })
    })
  }

  flowTo(address: string): NetworkFlow {
    const flow = this.#flows.get(address) ?? { reliable: false, to: address }
    this.#flows.set(address, flow)
    return flow
  }

  do(input: TransactionInput<NetworkFlow>): void {
    this.#run((now, out) => this.layer.receive(now, input, out))
  }

  /** Past the layer: an ACK to a 2xx. */
  sendStraight(message: SipMessage, to: string): void {
    this.#port.send(serializeMessage(message), to)
  }

  #run(step: (now: number, out: NetworkEffect[]) => void): void {
    this.#queue.run(() => {
      const out: NetworkEffect[] = []
      step(this.clock.now(), out)
      for (const effect of out) {
        if (effect.type === 'send') this.sendStraight(effect.message, effect.flow.to)
        else this.#user(effect)
      }
      this.alarm.set(this.layer.deadline)
    })
  }
}

import type { Clock } from '../clock.js'
import { MachineError } from '../machine-error.js'
import { randomFraction, randomInteger } from '../random-number.js'
import type { RandomSource } from '../random-source.js'

/** How a {@link LossyNetwork} behaves. Probabilities run from 0 to 1 and are 0 unless told. */
export interface LossyNetworkOptions {
  readonly clock: Clock
  /** Decides everything: the same source and the same traffic give the same network. */
  readonly random: RandomSource
  /** Probability that a datagram vanishes. */
  readonly loss?: number
  /** Probability that a datagram arrives twice. */
  readonly duplicate?: number
  /** Probability that a datagram is held back so long that later ones overtake it. Others arrive in order. */
  readonly reorder?: number
  /** Probability that one octet of a datagram is changed. */
  readonly corrupt?: number
  /** Shortest and longest time on the way, in milliseconds; `[0, 0]` unless told. */
  readonly delay?: readonly [min: number, max: number]
  /** Largest datagram that gets through, in octets; no limit unless told. */
  readonly mtu?: number
}

/** What became of the datagrams. `delivered` counts copies, the others count datagrams. */
export interface LossyNetworkStats {
  sent: number
  delivered: number
  lost: number
  duplicated: number
  reordered: number
  corrupted: number
  oversized: number
  /** Nobody was attached to the address at the time of arrival, or a partition lay between. */
  unreachable: number
}

/** Called with each datagram that arrives and the address of its sender. The octets are the receiver's to keep. */
export type DatagramReceiver = (bytes: Uint8Array, from: string) => void

/** One end on a {@link LossyNetwork}. */
export interface NetworkPort {
  readonly address: string
  /** Sends a datagram; the octets are copied. After `detach()` it does nothing. */
  send(bytes: Uint8Array, to: string): void
  detach(): void
}

/** A datagram network on a clock that loses, doubles, delays, reorders and damages what it carries, by a seed. */
export class LossyNetwork {
  readonly stats: LossyNetworkStats = {
    sent: 0, delivered: 0, lost: 0, duplicated: 0, reordered: 0, corrupted: 0, oversized: 0, unreachable: 0,
  }
  readonly #clock: Clock
  readonly #random: RandomSource
  readonly #rates: { readonly loss: number; readonly duplicate: number; readonly reorder: number; readonly corrupt: number }
  readonly #delay: readonly [number, number]
  readonly #mtu: number
  readonly #receivers = new Map<string, DatagramReceiver>()
  readonly #partitions = new Set<string>()
  readonly #isolated = new Set<string>()
  readonly #lastArrivals = new Map<string, number>()

  /** @throws {MachineError} `not-a-probability` when a rate lies outside 0 to 1 or the delay range runs backwards. */
  constructor(options: LossyNetworkOptions) {
    this.#clock = options.clock
    this.#random = options.random
    this.#rates = {
      loss: options.loss ?? 0, duplicate: options.duplicate ?? 0, reorder: options.reorder ?? 0, corrupt: options.corrupt ?? 0,
    }
    this.#delay = options.delay ?? [0, 0]
    this.#mtu = options.mtu ?? Infinity
    for (const [name, rate] of Object.entries(this.#rates)) {
      if (!(rate >= 0 && rate <= 1)) throw new MachineError('not-a-probability', `${name} is ${String(rate)}, not a number from 0 to 1.`)
    }
    if (!(this.#delay[0] >= 0 && this.#delay[0] <= this.#delay[1])) {
      throw new MachineError('not-a-probability', `The delay range ${this.#delay.join(' to ')} runs backwards.`)
    }
  }

  /** @throws {MachineError} `address-taken` when somebody is attached there. */
  attach(address: string, receive: DatagramReceiver): NetworkPort {
    if (this.#receivers.has(address)) throw new MachineError('address-taken', `${address} is attached already.`)
    this.#receivers.set(address, receive)
    const isAttached = (): boolean => this.#receivers.get(address) === receive
    return {
      address,
      send: (bytes, to) => {
        if (isAttached()) this.#send(bytes, address, to)
      },
      detach: () => {
        if (isAttached()) this.#receivers.delete(address)
      },
    }
  }

  /** Cuts the path between two addresses, both ways, or all paths of one; what is on the way is lost, too. */
  partition(a: string, b?: string): void {
    if (b === undefined) this.#isolated.add(a)
    else this.#partitions.add(pathName(a, b)).add(pathName(b, a))
  }

  /** Takes back what {@link LossyNetwork.partition} did with the same addresses; without any, all of it. */
  heal(a?: string, b?: string): void {
    if (a === undefined) {
      this.#partitions.clear()
      this.#isolated.clear()
    } else if (b === undefined) {
      this.#isolated.delete(a)
    } else {
      this.#partitions.delete(pathName(a, b))
      this.#partitions.delete(pathName(b, a))
    }
  }

  #send(bytes: Uint8Array, from: string, to: string): void {
    this.stats.sent++
    if (bytes.length > this.#mtu) {
      this.stats.oversized++
      return
    }
    if (this.#happens(this.#rates.loss)) {
      this.stats.lost++
      return
    }
    this.#carry(bytes, from, to)
    if (this.#happens(this.#rates.duplicate)) {
      this.stats.duplicated++
      this.#carry(bytes, from, to)
    }
  }

  #carry(bytes: Uint8Array, from: string, to: string): void {
    const copy = bytes.slice()
    if (copy.length > 0 && this.#happens(this.#rates.corrupt)) {
      this.stats.corrupted++
      const index = randomInteger(this.#random, 0, copy.length)
      copy[index] = (copy[index] ?? 0) ^ randomInteger(this.#random, 1, 256)
    }
    this.#clock.schedule(this.#arrival(pathName(from, to)), () => {
      const receive = this.#receivers.get(to)
      if (receive === undefined || this.#isCut(from, to)) {
        this.stats.unreachable++
        return
      }
      this.stats.delivered++
      receive(copy, from)
    })
  }

  #arrival(path: string): number {
    const [min, max] = this.#delay
    const transit = min + (max - min) * randomFraction(this.#random)
    const at = this.#clock.now() + transit
    if (this.#happens(this.#rates.reorder)) {
      this.stats.reordered++
      // Held back for up to three more of the longest transit, at least one millisecond, and nobody waits for it.
      return at + 1 + 3 * max * randomFraction(this.#random)
    }
    const arrival = Math.max(at, this.#lastArrivals.get(path) ?? 0)
    this.#lastArrivals.set(path, arrival)
    return arrival
  }

  #isCut(from: string, to: string): boolean {
    return this.#isolated.has(from) || this.#isolated.has(to) || this.#partitions.has(pathName(from, to))
  }

  #happens(probability: number): boolean {
    return probability > 0 && randomFraction(this.#random) < probability
  }
}

function pathName(from: string, to: string): string {
  return `${from} > ${to}`
}

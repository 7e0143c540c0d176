import { digitOf, eventOf, serializeTelephoneEvent } from './telephone-event.js'
import { parseRtp, serializeRtp } from './rtp-packet.js'
import type { RtpHeader } from './rtp-packet.js'
import type { RtpAddress } from './rtp-socket.js'
import type { Tone } from './tone.js'
import type { G711Law } from './g711.js'

/** What an offer and its answer have settled for one audio stream. */
export interface RtpAgreement {
  /** Where the peer wants its media; `undefined` when it wants none (on hold, stream refused). */
  readonly remote: RtpAddress | undefined
  /** False while we are not to send, or hold the peer. */
  readonly sending: boolean
  /** For each payload type that the peer sends, the one under which it takes the same codec. */
  readonly payloadTypes: ReadonlyMap<number, number>
  readonly telephoneEvent?: { readonly receive: number; readonly send: number; readonly clockRate: number }
  /** The G.711 codec to play a tone with. */
  readonly g711?: { readonly payloadType: number; readonly law: G711Law }
}

/** What a stream needs of its surroundings. */
export interface RtpStreamPorts {
  readonly ssrc: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
  readonly send: (packet: Uint8Array, to: RtpAddress) => void
  readonly onDtmf: (digit: string) => void
  /** Calls `step` every 20 ms or so until the returned function is called. */
  readonly every20ms: (step: () => void) => () => void
}

const silence: RtpAgreement = { remote: undefined, sending: false, payloadTypes: new Map() }
const samplesPer20ms = 160

/**
 * One RTP audio stream: it gives back what it hears under an SSRC of its own, or plays a tone.
 *
 * Echo keeps the peer's timestamps and renumbers its packets, so that digits can be put between them.
 */
export class RtpStream {
  readonly #ports: RtpStreamPorts
  readonly #tone: Tone | undefined
  #agreement: RtpAgreement = silence
  /** Where the peer really sends from: its packets are answered there (symmetric RTP, RFC 4961). */
  #latched: RtpAddress | undefined
  #muted = false
  #sequenceOffset = 0
  #lastSequence = 0
  #lastTimestamp = 0
  #lastEventTimestamp: number | undefined
  #stopTone: (() => void) | undefined
  received = 0
  sent = 0

  constructor(ports: RtpStreamPorts, tone?: Tone) {
    this.#ports = ports
    this.#tone = tone
  }

  /** True when digits can be sent. */
  get takesDtmf(): boolean {
    return this.#agreement.telephoneEvent !== undefined && this.#destination() !== undefined
  }

  agree(agreement: RtpAgreement): void {
    const moved = agreement.remote?.host !== this.#agreement.remote?.host || agreement.remote?.port !== this.#agreement.remote?.port
    if (moved) this.#latched = undefined
    this.#agreement = agreement
    if (this.#tone !== undefined && agreement.sending && agreement.g711 !== undefined) this.#stopTone ??= this.#startTone(this.#tone)
    else this.#silenceTone()
  }

  mute(muted: boolean): void {
    this.#muted = muted
  }

  receive(packet: Uint8Array, from: RtpAddress): void {
    const header = parseRtp(packet)
    if (header === undefined || !this.#accepts(from)) return
    this.received++
    this.#noticeDigit(packet, header)
    if (this.#tone === undefined) this.#echo(packet, header)
  }

  /** Plays one digit: `duration` in ms. Resolves when it is over. */
  async sendDigit(digit: string, duration: number): Promise<void> {
    const event = eventOf(digit)
    const { telephoneEvent } = this.#agreement
    if (event === undefined || telephoneEvent === undefined) return
    const timestamp = this.#lastTimestamp
    const step = telephoneEvent.clockRate / 50
    const packets = Math.max(2, Math.round(duration / 20))
    await new Promise<void>((resolve) => {
      let count = 0
      const stop = this.#ports.every20ms(() => {
        count++
        // The last packet goes three times, it must not get lost (RFC 4733 §2.5.1.4).
        const end = count > packets
        const payload = serializeTelephoneEvent(event, end, Math.min(0xffff, Math.min(count, packets) * step))
        this.#sendOwn({ payloadType: telephoneEvent.send, marker: count === 1, timestamp }, payload)
        if (count < packets + 3) return
        stop()
        resolve()
      })
    })
  }

  close(): void {
    this.#silenceTone()
    this.#agreement = silence
  }

  /** A peer may move to another port of its host; a stranger may not take over a stream that has found its peer. */
  #accepts(from: RtpAddress): boolean {
    const known = this.#latched
    if (known !== undefined && from.host !== this.#agreement.remote?.host) return from.host === known.host && from.port === known.port
    this.#latched = from
    return true
  }

  #destination(): RtpAddress | undefined {
    const { remote, sending } = this.#agreement
    return remote === undefined || !sending || this.#muted ? undefined : (this.#latched ?? remote)
  }

  #noticeDigit(packet: Uint8Array, header: RtpHeader): void {
    if (header.payloadType !== this.#agreement.telephoneEvent?.receive || header.timestamp === this.#lastEventTimestamp) return
    const digit = digitOf(packet.subarray(header.payloadStart, header.payloadEnd))
    if (digit === undefined) return
    this.#lastEventTimestamp = header.timestamp
    this.#ports.onDtmf(digit)
  }

  #echo(packet: Uint8Array, header: RtpHeader): void {
    const to = this.#destination()
    const payloadType = this.#agreement.payloadTypes.get(header.payloadType)
    if (to === undefined || payloadType === undefined) return
    const sequence = header.sequence + this.#sequenceOffset
    const payload = packet.subarray(header.payloadStart, header.payloadEnd)
    const { marker, timestamp } = header
    this.#ports.send(serializeRtp({ payloadType, marker, sequence, timestamp, ssrc: this.#ports.ssrc }, payload), to)
    this.sent++
    this.#lastSequence = sequence
    this.#lastTimestamp = timestamp
  }

  /** Sends a packet that is not an echo, behind the last one. */
  #sendOwn(fields: { payloadType: number; marker: boolean; timestamp: number }, payload: Uint8Array): void {
    const to = this.#destination()
    if (to === undefined) return
    const sequence = ++this.#lastSequence
    this.#sequenceOffset++
    this.#ports.send(serializeRtp({ ...fields, sequence, ssrc: this.#ports.ssrc }, payload), to)
    this.sent++
  }

  #startTone(tone: Tone): () => void {
    const start = this.#ports.now()
    let packets = 0
    return this.#ports.every20ms(() => {
      const { g711 } = this.#agreement
      // The host's timer may be late: what it missed goes out now, but never more than half a second of it.
      const due = Math.floor((this.#ports.now() - start) / 20) + 1
      if (due - packets > 25) packets = due - 1
      for (; packets < due; packets++) {
        if (g711 === undefined) return
        const marker = packets === 0
        this.#lastTimestamp = (packets * samplesPer20ms) >>> 0
        this.#sendOwn({ payloadType: g711.payloadType, marker, timestamp: this.#lastTimestamp }, tone.next(g711.law, samplesPer20ms))
      }
    })
  }

  #silenceTone(): void {
    this.#stopTone?.()
    this.#stopTone = undefined
  }
}

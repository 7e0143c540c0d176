import { setTimeout as delay } from 'node:timers/promises'
import { codecsOf, directionOf, receives } from '@offhook/sip-sdp'
import type { SessionDescription } from '@offhook/sip-sdp'
import type { Description, DescriptionWish, SessionDescriptionContext, SessionDescriptionHandler } from '@offhook/sip-session'
import type { MediaStreamTrack, RTCPeerConnection, RTCRtpTransceiver } from 'werift'
import { MediaError } from './media-error.js'
import { readDescription } from './read-description.js'
import { digitOf } from './telephone-event.js'

/** Milliseconds to wait for ICE candidates; what has come by then goes into the description. */
const gatheringCap = 1500

/** One call's WebRTC audio, by werift: what is heard goes back. */
export class WebRtcDescription implements SessionDescriptionHandler {
  readonly #context: SessionDescriptionContext
  #connection: RTCPeerConnection | undefined
  #echoing = new Set<MediaStreamTrack>()
  #eventTypes: ReadonlySet<number> = new Set()
  #lastEventTimestamp: number | undefined
  #muted = false
  #held = false
  #remoteHold = false
  #closed = false

  constructor(context: SessionDescriptionContext) {
    this.#context = context
  }

  get remoteHold(): boolean {
    return this.#remoteHold
  }

  async createOffer(wish: DescriptionWish): Promise<Description> {
    const connection = await this.#open()
    this.#steer(connection, wish)
    await connection.setLocalDescription(await connection.createOffer())
    return this.#localDescription(connection)
  }

  async answerOffer(offer: Description, wish: DescriptionWish): Promise<Description> {
    const remote = readDescription(offer)
    const connection = await this.#open()
    this.#notice(remote)
    await connection.setRemoteDescription({ type: 'offer', sdp: offer.body })
    this.#steer(connection, wish)
    await connection.setLocalDescription(await connection.createAnswer())
    return this.#localDescription(connection)
  }

  async applyAnswer(answer: Description, final: boolean): Promise<void> {
    if (!final) return
    this.#notice(readDescription(answer))
    await this.#connection?.setRemoteDescription({ type: 'answer', sdp: answer.body })
  }

  rollback(): Promise<void> {
    // werift has no rollback; the next exchange replaces what was pending.
    return Promise.resolve()
  }

  mute(muted: boolean): void {
    this.#muted = muted
  }

  /** The robot plays no digits of its own into WebRTC. */
  dtmf(): Promise<boolean> {
    return Promise.resolve(false)
  }

  close(): void {
    this.#closed = true
    void this.#connection?.close()
  }

  async #open(): Promise<RTCPeerConnection> {
    if (this.#connection !== undefined) return this.#connection
    // Loaded when the first WebRTC call comes: commands that never see one start faster.
    const { RTCPeerConnection: Connection, RTCRtpCodecParameters: Codec } = await import('werift')
    if (this.#closed) throw new MediaError('closed', 'The call ended while its media was set up', 500)
    const connection = new Connection({
      codecs: {
        audio: [
          new Codec({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }),
          new Codec({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 }),
          new Codec({ mimeType: 'audio/PCMA', clockRate: 8000, channels: 1, payloadType: 8 }),
          new Codec({ mimeType: 'audio/telephone-event', clockRate: 8000, channels: 1 }),
        ],
        video: [],
      },
      iceServers: [],
      iceAdditionalHostAddresses: ['127.0.0.1'],
    })
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected' || state === 'disconnected' || state === 'failed') this.#context.onConnectivity(state)
    })
    this.#connection = connection
    return connection
  }

  #steer(connection: RTCPeerConnection, wish: DescriptionWish): void {
    this.#held = wish.hold === true
    for (const transceiver of connection.getTransceivers()) {
      if (transceiver.kind !== 'audio') transceiver.setDirection('inactive')
      else {
        transceiver.setDirection(this.#held ? 'sendonly' : 'sendrecv')
        this.#echo(transceiver)
      }
    }
  }

  #echo(transceiver: RTCRtpTransceiver): void {
    for (const track of transceiver.receiver.tracks) {
      if (this.#echoing.has(track)) continue
      this.#echoing.add(track)
      track.onReceiveRtp.subscribe((packet) => {
        const { payloadType, timestamp } = packet.header
        if (this.#eventTypes.has(payloadType)) this.#noticeDigit(packet.payload, timestamp)
        else if (!this.#muted && !this.#held && !this.#remoteHold) void transceiver.sender.sendRtp(packet)
      })
    }
    if (this.#echoing.size === 0) transceiver.onTrack.subscribe(() => this.#echo(transceiver))
  }

  #noticeDigit(payload: Uint8Array, timestamp: number): void {
    if (timestamp === this.#lastEventTimestamp) return
    const digit = digitOf(payload)
    this.#lastEventTimestamp = timestamp
    if (digit !== undefined) this.#context.onDtmf(digit)
  }

  #notice(remote: SessionDescription): void {
    const audio = remote.media.find((media) => media.kind === 'audio' && media.port !== 0)
    this.#remoteHold = audio !== undefined && !receives(directionOf(audio, remote))
    const codecs = audio === undefined ? [] : codecsOf(audio)
    this.#eventTypes = new Set(codecs.filter(({ encoding }) => encoding.toLowerCase() === 'telephone-event').map(({ payloadType }) => payloadType))
  }

  async #localDescription(connection: RTCPeerConnection): Promise<Description> {
    if (connection.iceGatheringState !== 'complete') {
      const complete = new Promise<void>((resolve) => {
        connection.iceGatheringStateChange.subscribe((state) => {
          if (state === 'complete') resolve()
        })
      })
      await Promise.race([complete, delay(gatheringCap)])
    }
    const { localDescription } = connection
    if (!localDescription) throw new MediaError('no-description', 'werift gave no description', 500)
    return { contentType: 'application/sdp', body: localDescription.sdp }
  }
}

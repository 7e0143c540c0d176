import { randomInt } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setInterval } from 'node:timers'
import { setTimeout as delay } from 'node:timers/promises'
import { answerOffer, codecsOf, connectionOf, createOffer, directionOf, isSameCodec, negotiatedStreams, receives, rtcpMux, sends, serializeSessionDescription } from '@offhook/sip-sdp'
import type { Capabilities, CodecCapability, MediaDescription, NegotiatedStream, SessionDescription } from '@offhook/sip-sdp'
import type { Description, DescriptionWish, SessionDescriptionContext, SessionDescriptionHandler } from '@offhook/sip-session'
import type { EchoMediaSurroundings } from './echo-media-options.js'
import { MediaError } from './media-error.js'
import { readDescription } from './read-description.js'
import { RtpSocket } from './rtp-socket.js'
import { RtpStream } from './rtp-stream.js'
import type { RtpAgreement } from './rtp-stream.js'
import { Tone } from './tone.js'

const g711: readonly CodecCapability[] = [{ encoding: 'PCMU', clockRate: 8000 }, { encoding: 'PCMA', clockRate: 8000 }]
const passedOn: readonly CodecCapability[] = [
  ...g711,
  { encoding: 'G722', clockRate: 8000 },
  { encoding: 'opus', clockRate: 48_000, channels: 2, payloadType: 107 },
]
/** The names of the codecs that plain RTP is passed on in. */
export const codecNames: readonly string[] = passedOn.map(({ encoding }) => encoding)
const telephoneEvent: CodecCapability = { encoding: 'telephone-event', clockRate: 8000, payloadType: 101, fmtp: '0-15' }

/** One call's plain RTP audio: its description in SDP, its socket and its stream. */
export class RtpDescription implements SessionDescriptionHandler {
  readonly #surroundings: EchoMediaSurroundings
  readonly #stream: RtpStream
  readonly #sessionId = String(randomInt(1, 2 ** 47))
  #socket: RtpSocket | undefined
  #local: SessionDescription | undefined
  #offered: SessionDescription | undefined
  #remoteHold = false
  #closed = false

  constructor(context: SessionDescriptionContext, surroundings: EchoMediaSurroundings) {
    this.#surroundings = surroundings
    this.#stream = new RtpStream(
      {
        ssrc: randomInt(1, 2 ** 32),
        now: () => performance.now(),
        send: (packet, to) => this.#socket?.send(packet, to),
        onDtmf: context.onDtmf,
        every20ms(step) {
          const timer = setInterval(step, 20)
          return () => clearInterval(timer)
        },
      },
      surroundings.tone === undefined ? undefined : new Tone(surroundings.tone),
    )
  }

  get remoteHold(): boolean {
    return this.#remoteHold
  }

  async createOffer(wish: DescriptionWish): Promise<Description> {
    const capabilities = await this.#capabilities(this.#surroundings.towards ?? '127.0.0.1', wish)
    this.#offered = createOffer(capabilities, this.#local === undefined ? {} : { previous: this.#local })
    return describe(this.#offered)
  }

  async answerOffer(offer: Description, wish: DescriptionWish): Promise<Description> {
    const remote = readDescription(offer)
    const capabilities = await this.#capabilities(mediaHostOf(remote) ?? '127.0.0.1', wish)
    const answer = answerOffer(remote, capabilities, this.#local === undefined ? {} : { previous: this.#local })
    if (!answer.ok) throw new MediaError(answer.error.code, answer.error.message, answer.error.statusCode, answer.error)
    this.#settle(answer.value, remote)
    return describe(answer.value)
  }

  applyAnswer(answer: Description, final: boolean): Promise<void> {
    if (this.#offered === undefined) return Promise.reject(new MediaError('no-offer', 'There is no offer that this could answer', 500))
    try {
      this.#settle(this.#offered, readDescription(answer))
      if (final) this.#offered = undefined
      return Promise.resolve()
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new MediaError('answer', String(error), 500))
    }
  }

  rollback(): Promise<void> {
    this.#offered = undefined
    return Promise.resolve()
  }

  mute(muted: boolean): void {
    this.#stream.mute(muted)
  }

  async dtmf(tones: string, timing: { readonly duration: number; readonly gap: number }): Promise<boolean> {
    if (!this.#stream.takesDtmf) return false
    for (const tone of tones) {
      if (this.#closed) return false
      if (tone === ',') await delay(2000)
      else await this.#stream.sendDigit(tone, timing.duration)
      await delay(timing.gap)
    }
    return true
  }

  close(): void {
    this.#closed = true
    this.#stream.close()
    this.#socket?.close()
  }

  async #capabilities(towards: string, wish: DescriptionWish): Promise<Capabilities> {
    const { local } = (this.#socket ??= await this.#open(await this.#surroundings.addresses.towards(towards)))
    const codecs = chosen(this.#surroundings.tone === undefined ? passedOn : g711, this.#surroundings.codecs)
    return {
      origin: { sessionId: this.#sessionId },
      address: local.host,
      media: [
        {
          kind: 'audio',
          port: local.port,
          protocols: ['RTP/AVP', 'RTP/AVPF'],
          codecs: [...codecs, telephoneEvent],
          direction: wish.hold === true ? 'sendonly' : 'sendrecv',
          attributes: (offered) => (offered !== undefined && rtcpMux(offered) ? [{ name: 'rtcp-mux' }] : []),
        },
      ],
    }
  }

  async #open(host: string): Promise<RtpSocket> {
    const socket = await RtpSocket.open(host, (packet, from) => this.#stream.receive(packet, from))
    if (!this.#closed) return socket
    socket.close()
    throw new MediaError('closed', 'The call ended while its media was set up', 500)
  }

  #settle(local: SessionDescription, remote: SessionDescription): void {
    const streams = negotiatedStreams(local, remote)
    if (!streams.ok) throw new MediaError(streams.error.code, streams.error.message, streams.error.statusCode, streams.error)
    const stream = streams.value.find((each) => each.active && each.kind === 'audio')
    this.#local = local
    const theirs = stream === undefined ? undefined : remote.media[stream.index]
    const ours = stream === undefined ? undefined : local.media[stream.index]
    this.#remoteHold = theirs !== undefined && !receives(directionOf(theirs, remote))
    this.#stream.agree(agreementOf(stream, ours))
  }
}

/** The codecs of these names, in their order. */
function chosen(codecs: readonly CodecCapability[], names: readonly string[] | undefined): readonly CodecCapability[] {
  return names === undefined ? codecs : names.flatMap((name) => codecs.filter(({ encoding }) => encoding.toLowerCase() === name.toLowerCase()))
}

function agreementOf(stream: NegotiatedStream | undefined, ours: MediaDescription | undefined): RtpAgreement {
  if (stream === undefined || ours === undefined) return { remote: undefined, sending: false, payloadTypes: new Map() }
  const own = codecsOf(ours)
  const payloadTypes = new Map<number, number>()
  for (const codec of stream.codecs) {
    const received = own.find((each) => isSameCodec(each, codec))
    if (received !== undefined) payloadTypes.set(received.payloadType, codec.payloadType)
  }
  const events = stream.auxiliary.find((codec) => codec.encoding.toLowerCase() === 'telephone-event' && codec.clockRate === telephoneEvent.clockRate)
  const ownEvents = events === undefined ? undefined : own.find((each) => isSameCodec(each, events))
  const tone = stream.codecs.find((codec) => /^PCM[UA]$/i.test(codec.encoding))
  const host = stream.remoteAddress
  return {
    remote: host === undefined || host === '0.0.0.0' || host === '::' ? undefined : { host, port: stream.remotePort },
    sending: sends(stream.direction),
    payloadTypes,
    ...(events === undefined || ownEvents === undefined
      ? {}
      : { telephoneEvent: { receive: ownEvents.payloadType, send: events.payloadType, clockRate: events.clockRate } }),
    ...(tone === undefined ? {} : { g711: { payloadType: tone.payloadType, law: tone.encoding.toUpperCase() === 'PCMU' ? 'PCMU' as const : 'PCMA' as const } }),
  }
}

/** Where the peer wants its audio, so that our socket is one that can reach it. */
function mediaHostOf(remote: SessionDescription): string | undefined {
  const media = remote.media.find((each) => each.kind === 'audio' && each.port !== 0)
  const address = media === undefined ? undefined : connectionOf(media, remote)?.address
  return address === '0.0.0.0' || address === '::' ? undefined : address?.split('/')[0]
}

function describe(description: SessionDescription): Description {
  return { contentType: 'application/sdp', body: serializeSessionDescription(description) }
}

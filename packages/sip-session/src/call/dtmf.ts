import type { SipRequest } from '@offhook/sip-parser'
import type { SessionDescriptionHandler } from '../session-description-handler.js'
import type { OperationOptions, OperationOutcome } from './call-types.js'
import type { DialogSession } from './dialog-session.js'
import { ENDED, OK, failed, refused } from './operation.js'
import type { OwnedRequest } from '../signalling/owned-request.js'
import type { Signalling } from '../signalling/signalling.js'

/** How tones are sent. Times in milliseconds. */
export interface DtmfOptions {
  /** Length of a tone; 160 unless told. */
  readonly duration?: number
  /** Silence after a tone; 70 unless told. */
  readonly gap?: number
  /** `media` for RFC 4733 only, `info` for INFO only; otherwise the media where it can, INFO where not. */
  readonly by?: 'media' | 'info'
}

/** What a comma in the tones means, in ms. */
const PAUSE = 2000
const decoder = new TextDecoder()

/** Sends tones one after the other, whoever asks for them. */
export class DtmfSender {
  readonly #signalling: Signalling
  readonly #media: SessionDescriptionHandler | undefined
  readonly #call: { readonly live: DialogSession | undefined }
  #queue: Promise<unknown> = Promise.resolve()

  constructor(signalling: Signalling, media: SessionDescriptionHandler | undefined, call: { readonly live: DialogSession | undefined }) {
    this.#signalling = signalling
    this.#media = media
    this.#call = call
  }

  /** The signal keeps back the digits that have not been sent by INFO yet. */
  send(tones: string, options: DtmfOptions & OperationOptions): Promise<OperationOutcome> {
    if (!/^[0-9A-Da-d*#,]+$/.test(tones)) return Promise.resolve({ ok: false, code: 'failed', reason: `No tones: ${tones}` })
    const sent = this.#queue.then(() => this.#send(tones.toUpperCase(), options)).catch(failed)
    this.#queue = sent
    return sent
  }

  async #send(tones: string, options: DtmfOptions & OperationOptions): Promise<OperationOutcome> {
    const { duration = 160, gap = 70, by, signal } = options
    if (this.#live() === undefined || isAborted(signal)) return ENDED
    if (by !== 'info' && this.#media !== undefined && (await this.#media.dtmf(tones, { duration, gap }))) return OK
    if (by === 'media') return { ok: false, code: 'refused', reason: 'The other side does not take tones in the media.' }
    for (const tone of tones) {
      const session = this.#live()
      if (session === undefined || isAborted(signal)) return ENDED
      if (tone === ',') {
        await this.#pause(PAUSE)
        continue
      }
      const { allow } = session.capabilities
      if (allow.length > 0 && !allow.includes('INFO')) return refused(405, 'The other side takes tones neither in the media nor by INFO.')
      const info = session.info({ body: `Signal=${tone}\r\nDuration=${duration}\r\n`, contentType: 'application/dtmf-relay' })
      const outcome = await info.outcome
      if (!outcome.ok) return this.#live() === undefined ? ENDED : refused(outcome.status, outcome.reason)
      if (gap > 0 && tones.length > 1) await this.#pause(gap)
    }
    return OK
  }

  #live(): DialogSession | undefined {
    return this.#call.live
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#signalling.later(ms, resolve))
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

/** The tones that an INFO carries: `application/dtmf-relay` or `application/dtmf`. `undefined` when it carries none. */
function dtmfOfInfo(request: SipRequest): string | undefined {
  const type = request.headers.get('Content-Type')?.toLowerCase() ?? ''
  if (!type.startsWith('application/dtmf')) return undefined
  const text = decoder.decode(request.body)
  const signal = type.startsWith('application/dtmf-relay') ? /^\s*Signal\s*=\s*([0-9A-D*#]|1[0-5])\s*$/im.exec(text)?.[1] : /^\s*([0-9A-D*#]+)\s*$/i.exec(text)?.[1]
  if (signal === undefined) return undefined
  // Some name the digit by its event code (RFC 4733 §3.2).
  return signal.length === 2 ? '*#ABCD'.charAt(Number(signal) - 10) : signal.toUpperCase()
}

/** Answers an INFO of the peer: tones are heard, an empty one proves that the call is alive (RFC 2976), packages are not known (RFC 6086 §4.2.2). */
export function answerInfo(info: OwnedRequest, heard: (tone: string) => void): void {
  const tones = dtmfOfInfo(info.request)
  if (tones !== undefined) {
    info.accept()
    for (const tone of tones) heard(tone)
  } else if (info.request.headers.has('Info-Package')) info.reject({ statusCode: 469, headers: { 'Recv-Info': '' } })
  else if (info.request.body.length === 0) info.accept()
  else info.reject({ statusCode: 415, headers: { Accept: 'application/dtmf-relay, application/dtmf' } })
}

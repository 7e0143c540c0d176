import type { Clock } from '@offhook/sip-machine'
import { SessionError } from '../errors.js'
import type {
  Description, DescriptionWish, SessionDescriptionContext, SessionDescriptionHandler, SessionDescriptionHandlerFactory,
} from '../session-description-handler.js'

/** The operations that a script may delay or let fail. */
export type FakeOperation = 'createOffer' | 'answerOffer' | 'applyAnswer' | 'rollback' | 'dtmf'

/** What one operation is to do. */
export interface FakeStep {
  /** Milliseconds on the clock before it ends; at once unless told. */
  readonly delay?: number
  /** Rejects with this. */
  readonly failure?: Error
}

/** What the fake media of a call do: one step for each time that the operation is called; after the last, nothing special. */
export type FakeScript = Partial<Record<FakeOperation, readonly FakeStep[]>>

/** How fake media are made. */
export interface FakeMediaOptions {
  readonly clock: Clock
  readonly script?: FakeScript
  /** Whether tones can be sent in the media; true unless told. */
  readonly tones?: boolean
}

/** Media engines that do as a script says, and remember what was asked of them. */
export interface FakeMedia {
  readonly factory: SessionDescriptionHandlerFactory
  /** One for each call, oldest first. */
  readonly handlers: readonly FakeDescriptionHandler[]
}

/** Makes fake media for one user agent. */
export function createFakeMedia(options: FakeMediaOptions): FakeMedia {
  const handlers: FakeDescriptionHandler[] = []
  const factory: SessionDescriptionHandlerFactory = (context) => {
    const handler = new FakeDescriptionHandler(context, options, handlers.length + 1)
    handlers.push(handler)
    return handler
  }
  return { factory, handlers }
}

/**
 * A media engine without media. It is as strict about the order of offers and answers as a browser: out of order rejects with
 * a `SessionError`.
 */
export class FakeDescriptionHandler implements SessionDescriptionHandler {
  readonly context: SessionDescriptionContext
  /** What was called, in order. */
  readonly log: string[] = []
  remoteHold = false
  muted = false
  closed = false
  /** What each side said last. */
  local: Description | undefined
  remote: Description | undefined
  readonly #options: FakeMediaOptions
  readonly #id: number
  readonly #counts = new Map<FakeOperation, number>()
  #version = 0
  #signaling: 'stable' | 'have-local-offer' = 'stable'
  #agreed: Pick<FakeDescriptionHandler, 'local' | 'remote' | 'remoteHold'> = { local: undefined, remote: undefined, remoteHold: false }

  constructor(context: SessionDescriptionContext, options: FakeMediaOptions, id: number) {
    this.context = context
    this.#options = options
    this.#id = id
  }

  /** Whether an offer waits for its answer. */
  get isOffering(): boolean {
    return this.#signaling === 'have-local-offer'
  }

  async createOffer(wish: DescriptionWish): Promise<Description> {
    await this.#perform('createOffer')
    this.#mustBe('stable', 'createOffer')
    this.#signaling = 'have-local-offer'
    this.local = this.#describe(wish.hold === true ? 'sendonly' : 'sendrecv')
    return this.local
  }

  async answerOffer(offer: Description, wish: DescriptionWish): Promise<Description> {
    await this.#perform('answerOffer')
    this.#mustBe('stable', 'answerOffer')
    this.#take(offer)
    this.local = this.#describe(answerDirection(directionOf(offer), wish.hold === true))
    this.#agree()
    return this.local
  }

  async applyAnswer(answer: Description, final: boolean): Promise<void> {
    await this.#perform('applyAnswer')
    this.#mustBe('have-local-offer', 'applyAnswer')
    this.#take(answer)
    if (!final) return
    this.#signaling = 'stable'
    this.#agree()
  }

  async rollback(): Promise<void> {
    await this.#perform('rollback')
    this.#signaling = 'stable'
    ;({ local: this.local, remote: this.remote, remoteHold: this.remoteHold } = this.#agreed)
  }

  mute(muted: boolean): void {
    this.log.push(muted ? 'mute' : 'unmute')
    this.muted = muted
  }

  async dtmf(tones: string): Promise<boolean> {
    await this.#perform('dtmf', tones)
    return this.#options.tones ?? true
  }

  close(): void {
    this.log.push('close')
    this.closed = true
  }

  async #perform(operation: FakeOperation, detail = ''): Promise<void> {
    this.log.push(detail === '' ? operation : `${operation} ${detail}`)
    const count = this.#counts.get(operation) ?? 0
    this.#counts.set(operation, count + 1)
    const step = this.#options.script?.[operation]?.[count]
    const { clock } = this.#options
    if (step?.delay !== undefined) {
      const at = clock.now() + step.delay
      await new Promise<void>((resolve) => void clock.schedule(at, resolve))
    }
    if (step?.failure !== undefined) throw step.failure
  }

  #mustBe(state: 'stable' | 'have-local-offer', operation: FakeOperation): void {
    if (this.closed) throw new SessionError('wrong-state', `${operation} after close`)
    if (this.#signaling !== state) throw new SessionError('wrong-state', `${operation} while ${this.#signaling}`)
  }

  #take(description: Description): void {
    this.remote = description
    const direction = directionOf(description)
    this.remoteHold = direction === 'sendonly' || direction === 'inactive'
  }

  #agree(): void {
    this.#agreed = { local: this.local, remote: this.remote, remoteHold: this.remoteHold }
  }

  #describe(direction: Direction): Description {
    this.#version++
    return {
      contentType: 'application/sdp',
      body: `v=0\r\no=- ${this.#id} ${this.#version} IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio ${10_000 + 2 * this.#id} RTP/AVP 0\r\na=${direction}\r\n`,
    }
  }
}

type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

function directionOf(description: Description): Direction {
  return (/^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(description.body)?.[1] ?? 'sendrecv') as Direction
}

/** RFC 3264 §6.1: send only if the other side receives, and the other way round. */
function answerDirection(offered: Direction, hold: boolean): Direction {
  const send = offered === 'sendrecv' || offered === 'recvonly'
  const receive = !hold && (offered === 'sendrecv' || offered === 'sendonly')
  return send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive'
}

import type { Call, CallEnd, OperationOutcome, RequestOutcome, Session, TransferOutcome, UserAgent } from '../../src/index.js'
import { SessionError } from '../../src/index.js'
import type { FakeMedia } from '../../src/testing/index.js'
import { SDP } from '../support/raw-peer.js'

type Outcome = OperationOutcome | RequestOutcome | TransferOutcome

/** A user agent with a part in a scenario, and what it got to see. */
export class Actor {
  readonly name: string
  readonly agent: UserAgent
  readonly media: FakeMedia | undefined
  /** States of its calls, outcomes of what it asked for, and what it was told, in order. */
  readonly seen: string[] = []
  readonly calls: Call[] = []
  #waiting: ((call: Call) => void)[] = []

  constructor(name: string, agent: UserAgent, media: FakeMedia | undefined) {
    this.name = name
    this.agent = agent
    this.media = media
    agent.on('incoming', (call) => {
      this.add(call)
      for (const waiting of this.#waiting.splice(0)) waiting(call)
    })
    agent.on('registration', (state) => this.seen.push(state.name))
  }

  /** The last call, living or not. */
  get call(): Call {
    const call = this.calls.at(-1)
    if (call === undefined) throw new SyntaxError(`${this.name} has no call.`)
    return call
  }

  get session(): Session {
    const { session } = this.call
    if (session === undefined) throw new SyntaxError(`${this.name}'s call has no session.`)
    return session
  }

  add(call: Call): void {
    this.calls.push(call)
    call.on('state', (state) => this.seen.push(state.name === 'ended' ? `ended(${toldEnd(state.end)})` : state.name))
    call.on('hold', (held) => this.seen.push(held ? 'held' : 'unheld'))
    call.on('dtmf', (tone) => this.seen.push(`tone:${tone}`))
    call.on('progress', (response) => this.seen.push(`progress:${response.statusCode}`))
    if (call.direction === 'incoming') this.seen.push('incoming')
  }

  /** The next call to come in, or the one that waits for an answer. */
  async incoming(): Promise<Call> {
    const waiting = this.calls.findLast((call) => call.direction === 'incoming' && call.state.name !== 'ended')
    return waiting ?? (await new Promise<Call>((resolve) => this.#waiting.push(resolve)))
  }

  /** Notes what became of something it asked for. */
  note(what: string, outcome: Outcome): void {
    if (outcome.ok) this.seen.push(`${what}:ok`)
    else if ('code' in outcome) this.seen.push(`${what}:${outcome.code}${outcome.status === undefined ? '' : `-${outcome.status}`}`)
    else this.seen.push(`${what}:${outcome.failure ?? outcome.status}`)
  }

  /** Does something, and notes a thrown code. */
  async attempt(what: string, deed: () => Promise<Outcome>): Promise<void> {
    try {
      this.note(what, await deed())
    } catch (error) {
      if (!(error instanceof SessionError)) throw error
      this.seen.push(`${what}:throws-${error.code}`)
    }
  }

  /** A request through its session: `sends INFO`, `sends INVITE +`. */
  sends([method = '', ...rest]: readonly string[]): Promise<RequestOutcome> {
    const options = rest.includes('+') ? { body: SDP } : {}
    const { session } = this
    switch (method) {
      case 'BYE': return session.bye(options).outcome
      case 'INFO': return session.info(options).outcome
      case 'INVITE': return session.invite({ ...options, answer: () => ({ body: SDP, contentType: 'application/sdp' }) }).outcome
      case 'MESSAGE': return session.message({ body: 'hello' }).outcome
      case 'NOTIFY': return session.notify(options).outcome
      case 'OPTIONS': return session.options(options).outcome
      case 'PRACK': return session.prack(options).outcome
      case 'REFER': return session.refer('sip:carol@example.test').outcome
      case 'UPDATE': return session.update(options).outcome
      default: throw new SyntaxError(`No session sends ${method}.`)
    }
  }
}

function toldEnd({ by, cause, status }: CallEnd): string {
  return `${by} ${cause}${status === undefined ? '' : ` ${status}`}`
}

import type { SipMessage } from '@offhook/sip-parser'
import { drawLadder } from './ladder-text.js'
import type { LadderEndpoint, LadderRecord, LadderRow } from './ladder-record.js'

export interface LadderOptions {
  /** What to call an end of a wire; `host:port` when absent or when it answers `undefined`. */
  readonly name?: (endpoint: LadderEndpoint, transport: string) => string | undefined
  /** Rows kept, the oldest go first; 5,000 when absent. */
  readonly limit?: number
}

export interface LadderTextOptions {
  /** Columns of the text; 80 when absent. Two participants need at least 40; a text never gets narrower than they need. */
  readonly width?: number
  /** Draw this call only. */
  readonly callId?: string
}

interface Crossing {
  sent: number
  received: number
}

interface CallLadder {
  readonly rows: LadderRow[]
  readonly participants: string[]
  readonly crossings: Map<string, Crossing>
  readonly start: number
  last: number
}

/**
 * The messages of SIP calls as ladders: who sent what to whom, when, and what was sent twice.
 *
 * Feed it the trace of one side, or of both: a message that was recorded by its sender and by its receiver is one arrow.
 *
 * @example
 * const ladder = new Ladder()
 * const agent = new UserAgent({ identity, trace: (record) => ladder.add(record) })
 * print(ladder.toText({ width: 100 }))
 */
export class Ladder {
  readonly #calls = new Map<string, CallLadder>()
  readonly #name: NonNullable<LadderOptions['name']>
  readonly #limit: number
  #size = 0
  #nextId = 1

  constructor(options: LadderOptions = {}) {
    this.#name = options.name ?? (() => undefined)
    this.#limit = Math.max(1, options.limit ?? 5_000)
  }

  /** Rows held. */
  get size(): number {
    return this.#size
  }

  /** The Call-IDs seen, in the order of their first message. */
  get callIds(): string[] {
    return [...this.#calls.keys()]
  }

  /**
   * Takes one message and gives its row, or `undefined` when it is the far end of a row that is there already.
   */
  add(record: LadderRecord): LadderRow | undefined {
    const callId = record.message.callId
    const call = this.#callOf(callId, record.at)
    const sender = record.direction === 'sent' ? record.local : record.remote
    const receiver = record.direction === 'sent' ? record.remote : record.local
    const from = this.#nameOf(sender, record.transport)
    const to = this.#nameOf(receiver, record.transport)
    const repetition = countCrossing(call.crossings, `${from} ${to} ${identityOf(record.message)}`, record.direction)
    if (repetition === undefined) return undefined

    for (const participant of [from, to]) if (!call.participants.includes(participant)) call.participants.push(participant)
    const row: LadderRow = {
      id: this.#nextId++,
      callId,
      at: record.at,
      elapsed: record.at - call.start,
      delta: record.at - call.last,
      from,
      to,
      transport: record.transport,
      retransmission: repetition,
      ...describeMessage(record.message),
    }
    call.last = record.at
    call.rows.push(row)
    this.#size++
    this.#forgetOldest()
    return row
  }

  /** The rows of one call, or of all calls, in the order they were added. */
  toRows(callId?: string): LadderRow[] {
    if (callId !== undefined) return [...(this.#calls.get(callId)?.rows ?? [])]
    return [...this.#calls.values()].flatMap((call) => call.rows).sort((a, b) => a.id - b.id)
  }

  /** The ends of the wires of one call, or of all calls, in the order they appeared. */
  participants(callId?: string): string[] {
    if (callId !== undefined) return [...(this.#calls.get(callId)?.participants ?? [])]
    return [...new Set([...this.#calls.values()].flatMap((call) => call.participants))]
  }

  /** The ladders as text, one block for each call, each line at most `width` columns. */
  toText(options: LadderTextOptions = {}): string {
    const width = options.width ?? 80
    const wanted = options.callId === undefined ? this.callIds : [options.callId]
    return wanted
      .flatMap((callId) => {
        const call = this.#calls.get(callId)
        return call === undefined ? [] : [drawLadder(callId, call.participants, call.rows, width)]
      })
      .join('\n')
  }

  /** Forgets everything. */
  clear(): void {
    this.#calls.clear()
    this.#size = 0
  }

  #nameOf(endpoint: LadderEndpoint, transport: string): string {
    const { host, port } = endpoint
    return this.#name(endpoint, transport) ?? `${host.includes(':') ? `[${host}]` : host}:${port}`
  }

  #callOf(callId: string, at: number): CallLadder {
    let call = this.#calls.get(callId)
    if (call === undefined) {
      call = { rows: [], participants: [], crossings: new Map(), start: at, last: at }
      this.#calls.set(callId, call)
    }
    return call
  }

  #forgetOldest(): void {
    while (this.#size > this.#limit) {
      const oldest = this.#calls.entries().next().value
      if (oldest === undefined) return
      const [callId, call] = oldest
      if (call.rows.shift() !== undefined) this.#size--
      if (call.rows.length === 0) this.#calls.delete(callId)
    }
  }
}

/** How often this message went that way before; `undefined` when the other side has told of this very crossing. */
function countCrossing(crossings: Map<string, Crossing>, key: string, direction: 'sent' | 'received'): number | undefined {
  let crossing = crossings.get(key)
  if (crossing === undefined) crossings.set(key, (crossing = { sent: 0, received: 0 }))
  const count = ++crossing[direction]
  const told = direction === 'sent' ? crossing.received : crossing.sent
  return count <= told ? undefined : count - 1
}

/** What is the same in all copies of a message and differs between messages (RFC 3261 §17.1.3, §17.2.3). */
function identityOf(message: SipMessage): string {
  const start = message.kind === 'request' ? message.method : message.statusCode
  const { sequence, method } = message.cseq
  return `${start} ${sequence} ${method} ${message.via.branch ?? ''} ${message.to.tag ?? ''} ${message.from.tag ?? ''}`
}

function describeMessage(message: SipMessage): Pick<LadderRow, 'label' | 'method' | 'statusCode' | 'sequence' | 'body'> {
  const { sequence, method } = message.cseq
  const type = message.body.length === 0 ? undefined : (message.headers.get('Content-Type')?.split(';')[0] ?? 'body').trim()
  const shared = { method, sequence, ...(type === undefined ? {} : { body: type }) }
  if (message.kind === 'request') return { ...shared, method: message.method, label: message.method }
  return { ...shared, statusCode: message.statusCode, label: `${message.statusCode} ${message.reasonPhrase} (${method})` }
}

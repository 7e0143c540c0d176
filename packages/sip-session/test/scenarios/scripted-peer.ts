import { createToken } from '@offhook/sip-machine'
import { seededRandom } from '@offhook/sip-machine/testing'
import { createRequest, createResponse } from '@offhook/sip-parser'
import type { SipRequest, SipResponse } from '@offhook/sip-parser'
import { createCancel } from '@offhook/sip-transaction'
import type { Flow, TraceRecord, TransportName } from '@offhook/sip-transport'
import type { TestNetwork } from '../../src/testing/index.js'
import { Signalling } from '../../src/signalling/signalling.js'
import type { RequestUser } from '../../src/signalling/signalling.js'
import { SDP } from '../support/raw-peer.js'

interface Received {
  readonly key: string
  readonly request: SipRequest
  readonly flow: Flow
}

interface Told {
  readonly method: string
  readonly statusCode: number
  readonly words: Words
}

/** What a deed says after its verb: a tag, `+` for a description, header fields as `Name=value` with `_` for a blank and `|` for `;`. */
interface Words {
  readonly tag: string
  readonly body: string | undefined
  readonly headers: readonly (readonly [string, string])[]
}

const HOST = '192.0.2.99'
const nothing = (): void => undefined

/**
 * An actor that does what the script says and nothing else, on top of real transactions: what it says is repeated until it
 * arrives, so that it can take part on a network that loses messages.
 */
export class ScriptedPeer implements RequestUser {
  readonly uri: string = `sip:peer@${HOST}`
  /** What requests of a method get: first what was told for once, then what was told for good, then 200; an INVITE waits for `says`. */
  readonly #once: Told[] = []
  readonly #answers = new Map<string, Told>()
  readonly #signalling: Signalling
  readonly #transport: TransportName
  readonly #listening: Promise<unknown>
  #flow: Promise<Flow> | undefined
  #received: Received[] = []
  #waiting: (() => void)[] = []
  /** Our INVITE, and what came to it. */
  #invite: SipRequest | undefined
  /** The dialog as seen from here: the last response to our INVITE, or the last of ours to theirs. */
  #dialog: { readonly tag: string; readonly remoteTag: string; readonly callId: string; readonly target: string } | undefined
  #sequence = 100
  #acks = true
  #pracks = true
  #lastSequence = 0
  readonly #acknowledged = new Map<number, SipRequest>()

  constructor(network: TestNetwork, transport: TransportName, trace: (record: TraceRecord) => void) {
    this.#transport = transport
    this.#signalling = new Signalling({
      adapters: [network.adapter(HOST)], clock: network.clock, random: seededRandom(network.seed + 77), timers: undefined, digest: undefined, trace,
    }, this)
    this.#signalling.watch()
    this.#listening = this.#signalling.transport.listen({ transport, host: HOST, port: 5060 })
  }

  get size(): number {
    const { transactions, deadlines } = this.#signalling.size
    return transactions + deadlines
  }

  async close(): Promise<void> {
    await this.#signalling.close()
  }

  /** Resolves when a request of that method is there. */
  async next(method: string): Promise<Received> {
    for (;;) {
      const found = this.#received.findLast(({ request }) => request.method === method)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** `says 180 x`: answers the last INVITE, or with `says 200 to BYE` another request. */
  async says(words: readonly string[]): Promise<void> {
    const [status = '200', ...rest] = words
    const to = rest.indexOf('to')
    const method = to < 0 ? 'INVITE' : (rest[to + 1] ?? 'INVITE')
    const received = await this.next(method)
    const { tag, body, headers } = read(to < 0 ? rest : rest.slice(0, to))
    this.#respond(received, Number(status), { tag, body, headers })
    if (method === 'INVITE' && status.startsWith('2')) this.#repeat(received, Number(status), { tag, body, headers })
  }

  /** `answers INFO 415`: from now on; `answers INVITE 491 once`: the next one. A 2xx to an INVITE or UPDATE has a description. */
  answers([method = '', status = '200', ...rest]: readonly string[]): void {
    const once = rest.includes('once')
    const describes = status.startsWith('2') && (method === 'INVITE' || method === 'UPDATE')
    const told = { method, statusCode: Number(status), words: read([...rest.filter((word) => word !== 'once'), ...(describes ? ['+'] : [])]) }
    if (once) this.#once.push(told)
    else this.#answers.set(method, told)
  }

  /** `calls alice +`, and `sends BYE` in the dialog that is there. */
  async sends(words: readonly string[], host: string | undefined): Promise<void> {
    const [method = 'BYE', ...rest] = words
    await this.#listening
    const { tag, body, headers } = read(rest)
    if (method === 'ACK') { this.#acknowledge(); return; }
    const flow = await this.#dial(host)
    this.#signalling.run(() => {
      if (method === 'CANCEL') {
        if (this.#invite !== undefined) this.#signalling.open(createCancel(this.#invite), flow, { response: nothing, failed: nothing, finished: nothing })
        return
      }
      const initial = host !== undefined
      const request = this.#create(method, initial ? `sip:alice@${host}` : this.#dialog?.target ?? '', tag, initial, headers, body)
      this.#signalling.address(request, flow)
      if (method === 'INVITE') this.#invite = request
      this.#signalling.open(request, flow, { response: (response) => this.#response(request, response, flow), failed: nothing, finished: nothing })
    })
  }

  /** `withholds ACK`: none from now on, until `sends ACK`; `withholds PRACK`: none. */
  withholds([method]: readonly string[]): void {
    if (method === 'PRACK') this.#pracks = false
    else this.#acks = false
  }

  request(key: string, request: SipRequest, flow: Flow): void {
    const received = { key, request, flow }
    this.#received.push(received)
    this.#flow = Promise.resolve(flow)
    this.#answer(received)
    for (const waiting of this.#waiting.splice(0)) waiting()
  }

  ack(request: SipRequest): void {
    this.#acknowledged.set(request.cseq.sequence, request)
  }

  cancel(key: string, request: SipRequest, { inviteKey }: { readonly inviteKey?: string | undefined }, flow: Flow): void {
    this.#respond({ key, request, flow }, 200, read([]))
    const invite = this.#received.find((received) => received.key === inviteKey)
    if (invite !== undefined && this.#answers.get('CANCEL')?.statusCode !== 0) this.#respond(invite, 487, read([]))
  }

  finished(): void {
    // Nothing is kept by transaction.
  }

  closed(): void {
    this.#flow = undefined
  }

  #answer(received: Received): void {
    const { method } = received.request
    const once = this.#once.findIndex((told) => told.method === method)
    const told = once < 0 ? this.#answers.get(method) : this.#once.splice(once, 1)[0]
    if (told === undefined && method === 'INVITE') return
    const { statusCode, words } = told ?? { statusCode: 200, words: read([]) }
    this.#respond(received, statusCode, words)
    if (method === 'INVITE' && statusCode < 300) this.#repeat(received, statusCode, words)
  }

  #dial(host: string | undefined): Promise<Flow> {
    this.#flow ??= this.#signalling.transport.connect({ transport: this.#transport, host: host ?? '192.0.2.1', port: 5060 })
    return this.#flow
  }

  #create(method: string, uri: string, tag: string, initial: boolean, headers: Words['headers'], body: string | undefined): SipRequest {
    const dialog = initial ? undefined : this.#dialog
    const callId = dialog?.callId ?? createToken(this.#signalling.random)
    return createRequest({
      method, requestUri: uri,
      headers: [
        ['Max-Forwards', 70], ['From', `<${this.uri}>;tag=${dialog?.tag ?? tag}`], ['To', `<${uri}>${dialog === undefined ? '' : `;tag=${dialog.remoteTag}`}`],
        ['Call-ID', callId], ['CSeq', `${++this.#sequence} ${method}`], ['Contact', `<${this.uri}>`], ...headers,
      ],
      body, ...typeOf(body, headers),
    })
  }

  #response(request: SipRequest, response: SipResponse, flow: Flow): void {
    if (request.method !== 'INVITE' || response.to.tag === undefined) return
    this.#dialog = { tag: request.from.tag ?? '', remoteTag: response.to.tag, callId: response.callId, target: String(response.contact?.uri ?? request.requestUri) }
    if (response.statusCode < 200) this.#prack(response, flow)
    if (response.statusCode < 200 || response.statusCode >= 300) return
    if (this.#acks) this.#acknowledge(flow)
    // A transaction that has accepted hands on each 2xx that comes again.
  }

  /** A reliable 1xx is acknowledged, once, unless the script withholds it (RFC 3262 §4). */
  #prack(response: SipResponse, flow: Flow): void {
    const rseq = Number(response.headers.get('RSeq') ?? NaN)
    if (!this.#pracks || !(rseq > this.#lastSequence)) return
    this.#lastSequence = rseq
    const request = this.#create('PRACK', this.#dialog?.target ?? '', '', false, [['RAck', `${rseq} ${response.cseq.sequence} INVITE`]], undefined)
    this.#signalling.address(request, flow)
    this.#signalling.open(request, flow, { response: nothing, failed: nothing, finished: nothing })
  }

  #acknowledge(on?: Flow): void {
    const [invite, dialog] = [this.#invite, this.#dialog]
    if (invite === undefined || dialog === undefined) return
    void (on === undefined ? this.#dial(undefined) : Promise.resolve(on)).then((flow) => this.#signalling.run(() => {
      const ack = createRequest({
        method: 'ACK', requestUri: dialog.target,
        headers: [
          ['Max-Forwards', 70], ['From', invite.headers.get('From') ?? ''], ['To', `${(invite.headers.get('To') ?? '').replace(/;tag=.*/, '')};tag=${dialog.remoteTag}`],
          ['Call-ID', invite.callId], ['CSeq', `${invite.cseq.sequence} ACK`],
        ],
      })
      ack.headers.prepend('Via', this.#signalling.transport.via(flow, `z9hG4bKack${invite.cseq.sequence}`))
      this.#signalling.send(ack, flow)
    }))
  }

  #respond({ key, request, flow }: Received, statusCode: number, { tag, body, headers }: Words): void {
    const target = statusCode > 100 && statusCode < 300
    const response = createResponse(request, {
      statusCode, toTag: tag, headers: [...(target ? [['Contact', `<${this.uri}>`] as const] : []), ...headers],
      body, ...typeOf(body, headers),
    })
    if (request.method === 'INVITE' && statusCode > 100 && statusCode < 300) {
      this.#dialog = { tag: response.to.tag ?? tag, remoteTag: request.from.tag ?? '', callId: request.callId, target: String(request.contact?.uri ?? '') }
    }
    this.#signalling.run(() => this.#signalling.respond(key, response, flow))
  }

  /** A 2xx is repeated until its ACK comes (RFC 3261 §13.3.1.4). */
  #repeat(received: Received, statusCode: number, words: Words): void {
    let wait = 500
    const again = (): void => {
      if (this.#acknowledged.has(received.request.cseq.sequence) || wait > 16_000) return
      this.#respond(received, statusCode, words)
      wait *= 2
      this.#signalling.later(Math.min(wait, 4000), again)
    }
    this.#signalling.later(wait, again)
  }
}

/** A description says what it is, unless the script says something else. */
function typeOf(body: string | undefined, headers: Words['headers']): { readonly contentType?: string } {
  return body === undefined || headers.some(([name]) => name === 'Content-Type') ? {} : { contentType: 'application/sdp' }
}

function read(words: readonly string[]): Words {
  const headers = words.filter((word) => word.includes('=')).map((word): [string, string] => {
    const at = word.indexOf('=')
    return [word.slice(0, at), word.slice(at + 1).replaceAll('_', ' ').replaceAll('|', ';')]
  })
  const tag = words.find((word) => /^[a-z]\w*$/i.test(word)) ?? 'peer'
  return { tag, body: words.includes('+') ? SDP : undefined, headers }
}

import { createRequest, createResponse, parseMessage, serializeMessage } from '@offhook/sip-parser'
import type { CreateResponseOptions, HeaderValue, SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import type { TestNetwork } from '../../src/testing/index.js'

export const SDP = 'v=0\r\no=- 9 1 IN IP4 192.0.2.99\r\ns=-\r\nc=IN IP4 192.0.2.99\r\nt=0 0\r\nm=audio 9000 RTP/AVP 0\r\na=sendrecv\r\n'

/** A peer that does only what a test says: it sees every datagram and writes every message by hand. */
export class RawPeer {
  readonly host: string
  /** Everything that arrived, retransmissions included. */
  readonly received: SipMessage[] = []
  /** Called with each message that arrives. */
  handle: (message: SipMessage) => void = () => undefined
  readonly #port
  readonly #network: TestNetwork
  #from = ''
  #branch = 0
  #waiting: { readonly wanted: string; readonly resolve: (message: SipMessage) => void }[] = []

  constructor(network: TestNetwork, host = '192.0.2.99') {
    this.host = host
    this.#network = network
    this.#port = network.datagrams.attach(`${host}:5060`, (bytes, from) => {
      const parsed = parseMessage(bytes)
      if (!parsed.ok) throw parsed.error
      this.#from = from
      this.received.push(parsed.value)
      this.handle(parsed.value)
      const name = nameOf(parsed.value)
      const waiting = this.#waiting.findIndex(({ wanted }) => wanted === name)
      if (waiting >= 0) this.#waiting.splice(waiting, 1)[0]?.resolve(parsed.value)
    })
  }

  /** What arrived, by method or status. */
  get names(): string[] {
    return this.received.map(nameOf)
  }

  /** The next request of that method, or response of that status, to arrive from now on. */
  async next(wanted: string | number): Promise<SipMessage> {
    return this.#network.run(new Promise<SipMessage>((resolve) => this.#waiting.push({ wanted: String(wanted), resolve })), 300_000)
  }

  async nextRequest(method: string): Promise<SipRequest> {
    return (await this.next(method)) as SipRequest
  }

  async nextResponse(status: number): Promise<SipResponse> {
    return (await this.next(status)) as SipResponse
  }

  send(message: SipMessage, to: string = this.#from): void {
    this.#port.send(serializeMessage(message), to)
  }

  respond(request: SipRequest, statusCode: number, options: Partial<CreateResponseOptions> & { readonly tag?: string; readonly contact?: string } = {}): SipResponse {
    const { tag = 'peer', contact = `<sip:peer@${this.host}>`, headers = [], ...rest } = options
    const makesDialog = statusCode > 100 && statusCode < 300 && request.method === 'INVITE'
    const response = createResponse(request, {
      statusCode, toTag: tag, ...rest, headers: [...(makesDialog ? [['Contact', contact] as const] : []), ...headers],
    })
    this.send(response)
    return response
  }

  /** Answers every request of these methods with 200 from now on; without any, every request but ACK. */
  answerAll(...methods: readonly string[]): void {
    this.handle = (message) => {
      if (message.kind !== 'request' || message.method === 'ACK') return
      if (methods.length === 0 || methods.includes(message.method)) this.respond(message, 200)
    }
  }

  /** A 200 with an answer. */
  accept(request: SipRequest, options: { readonly tag?: string; readonly contact?: string; readonly headers?: readonly (readonly [string, HeaderValue])[] } = {}): SipResponse {
    return this.respond(request, 200, { ...options, body: SDP, contentType: 'application/sdp' })
  }

  /** A request outside of dialogs. */
  request(method: string, to: string, options: { readonly uri?: string; readonly headers?: readonly (readonly [string, HeaderValue])[]; readonly body?: string; readonly callId?: string; readonly sequence?: number; readonly contentType?: string } = {}): SipRequest {
    const { uri = `sip:alice@${to}`, headers = [], callId = `call-${this.#branch}`, sequence = 1, body, contentType = 'application/sdp' } = options
    const request = createRequest({
      method, requestUri: uri, ...(body !== undefined && { body, contentType }),
      headers: [
        ['Via', this.#via()], ...(headers.some(([name]) => name === 'Max-Forwards') ? [] : [['Max-Forwards', 70] as const]), ['From', `<sip:peer@${this.host}>;tag=peer`], ['To', `<${uri}>`], ['Call-ID', callId], ['CSeq', `${sequence} ${method}`],
        ...(method === 'INVITE' ? [['Contact', `<sip:peer@${this.host}>`] as const] : []), ...headers,
      ],
    })
    this.send(request, to.includes(':') ? to : `${to}:5060`)
    return request
  }

  /** A request within the dialog that `message` belongs to: one of the agent's requests, or its response. */
  inDialog(method: string, message: SipMessage, sequence: number, options: { readonly headers?: readonly (readonly [string, HeaderValue])[]; readonly body?: string; readonly contentType?: string; readonly tag?: string; readonly contact?: string } = {}): SipRequest {
    const { headers = [], body, contentType = 'application/sdp', tag = 'peer', contact = `<sip:peer@${this.host}>` } = options
    const [ours, theirs] = message.kind === 'request' ? [`${message.headers.get('To') ?? ''}${message.to.tag === undefined ? `;tag=${tag}` : ''}`, message.headers.get('From') ?? ''] : [message.headers.get('From') ?? '', message.headers.get('To') ?? '']
    const request = createRequest({
      method, requestUri: message.contact?.uri ?? 'sip:alice@192.0.2.1', ...(body !== undefined && { body, contentType }),
      headers: [
        ['Via', this.#via()], ['Max-Forwards', 70], ['From', ours], ['To', theirs], ['Call-ID', message.callId], ['CSeq', `${sequence} ${method}`],
        ...(method === 'INVITE' || method === 'UPDATE' ? [['Contact', contact] as const] : []), ...headers,
      ],
    })
    this.send(request)
    return request
  }

  /** Gives up an INVITE of ours. */
  cancel(invite: SipRequest): void {
    const cancel = invite.clone()
    cancel.method = 'CANCEL'
    cancel.body = new Uint8Array()
    cancel.headers.set('CSeq', `${invite.cseq.sequence} CANCEL`)
    this.send(cancel)
  }

  detach(): void {
    this.#port.detach()
  }

  #via(): string {
    return `SIP/2.0/UDP ${this.host}:5060;branch=z9hG4bKpeer${++this.#branch};rport`
  }
}

export function nameOf(message: SipMessage): string {
  return message.kind === 'request' ? message.method : String(message.statusCode)
}

import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'

/** A query as it came in: what is needed to answer it, rightly or not. */
export interface DnsQuery {
  readonly id: number
  readonly name: string
  /** 1: A, 5: CNAME, 28: AAAA, 33: SRV, 35: NAPTR. */
  readonly type: number
  /** The question section, octet for octet. */
  readonly question: Buffer
}

/** One resource record. */
export interface DnsRecord {
  readonly name?: Buffer
  readonly type: number
  readonly ttl?: number
  readonly data: Buffer
  /** What RDLENGTH says, when that is not the truth. */
  readonly length?: number
}

/** A DNS server for UDP that says whatever a test wants, octet for octet. */
export class DnsResponder {
  /** Answers, from first to last; none for silence. */
  answer: (query: DnsQuery) => readonly Buffer[] = () => []
  readonly queries: DnsQuery[] = []
  readonly #socket: Socket = createSocket('udp4')

  /** `address:port`. */
  get server(): string {
    return `127.0.0.1:${this.#socket.address().port}`
  }

  start(): Promise<void> {
    this.#socket.on('message', (bytes, from) => {
      const query = readQuery(bytes)
      this.queries.push(query)
      for (const answer of this.answer(query)) this.#socket.send(answer, from.port, from.address)
    })
    return new Promise((resolve) => this.#socket.bind(0, '127.0.0.1', resolve))
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()))
  }
}

/** A response to a query; `flags` 0x8180 says that all is well, its last digit is the RCODE, 0x0200 that it was cut short. */
export function respond(query: Pick<DnsQuery, 'id' | 'question'>, records: readonly DnsRecord[], { flags = 0x8180, count = records.length } = {}): Buffer {
  const header = Buffer.alloc(12)
  for (const [at, value] of [query.id, flags, 1, count, 0, 0].entries()) header.writeUInt16BE(value, 2 * at)
  return Buffer.concat([header, query.question, ...records.map(recordBytes)])
}

/** Where the name of the question stands in every message (RFC 1035 §4.1.4). */
const QUESTION_NAME: Buffer = Buffer.from([0xc0, 12])

export function nameBytes(name: string): Buffer {
  return Buffer.concat([...name.split('.').filter((label) => label !== '').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])])
}

export function srvData(priority: number, weight: number, port: number, target: Buffer): Buffer {
  const numbers = Buffer.alloc(6)
  for (const [at, value] of [priority, weight, port].entries()) numbers.writeUInt16BE(value, 2 * at)
  return Buffer.concat([numbers, target])
}

export function naptrData(order: number, preference: number, texts: readonly string[], replacement: Buffer): Buffer {
  const numbers = Buffer.alloc(4)
  numbers.writeUInt16BE(order, 0)
  numbers.writeUInt16BE(preference, 2)
  return Buffer.concat([numbers, ...texts.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])), replacement])
}

function recordBytes({ name = QUESTION_NAME, type, ttl = 60, data, length = data.length }: DnsRecord): Buffer {
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(type, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt32BE(ttl, 4)
  fixed.writeUInt16BE(length, 8)
  return Buffer.concat([name, fixed, data])
}

function readQuery(bytes: Buffer): DnsQuery {
  const labels: string[] = []
  let at = 12
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { id: bytes.readUInt16BE(0), name: labels.join('.').toLowerCase(), type: bytes.readUInt16BE(at + 1), question: bytes.subarray(12, at + 5) }
}

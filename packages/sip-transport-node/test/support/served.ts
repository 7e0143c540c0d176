import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { TransportLayer } from '@offhook/sip-transport'
import type { AdapterFactory, Flow, Listener, TransportError, TransportName } from '@offhook/sip-transport'
import type { SipMessage } from '@offhook/sip-parser'
import { createHostClock, hostRandom } from '../../../sip-machine/src/host/index.js'

/** A layer that listens on a real socket. */
export interface Served {
  readonly layer: TransportLayer
  readonly listener: Listener
  readonly port: number
  readonly received: { readonly message: SipMessage; readonly flow: Flow }[]
  readonly closed: { readonly flow: Flow; readonly error: TransportError | undefined }[]
  /** Waits until `seen` says so, looked at whenever something happens. */
  until(seen: () => boolean): Promise<void>
}

export async function serve(transport: TransportName, factory: AdapterFactory, host = '127.0.0.1', limits: Record<string, number> = {}): Promise<Served> {
  const received: Served['received'] = []
  const closed: Served['closed'] = []
  const waiting = new Set<() => void>()
  const changed = (): void => {
    for (const look of [...waiting]) look()
  }
  const layer = new TransportLayer({
    adapters: [factory], clock: createHostClock({ keepAlive: false }), random: hostRandom, limits,
    receive: (message, flow) => {
      received.push({ message, flow })
      changed()
    },
    closed: (flow, error) => {
      closed.push({ flow, error })
      changed()
    },
  })
  const listener = await layer.listen({ transport, host, port: 0 })
  const until = (seen: () => boolean): Promise<void> => new Promise((resolve) => {
    const look = (): void => {
      if (!seen()) return
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
  })
  return { layer, listener, port: listener.local.port, received, closed, until }
}

/** A peer that speaks octets, and how it ended. */
export interface RawPeer {
  readonly socket: Socket
  readonly ended: Promise<void>
  text(): string
  /** Waits until what came in, as Latin-1, matches or contains it. */
  until(wanted: RegExp | string): Promise<void>
}

export function rawPeer(socket: Socket): RawPeer {
  let text = ''
  const waiting = new Set<() => void>()
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
    for (const look of [...waiting]) look()
  })
  return {
    socket, ended, text: () => text,
    until: (wanted) => new Promise((resolve) => {
      const look = (): void => {
        if (typeof wanted === 'string' ? !text.includes(wanted) : !wanted.test(text)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    }),
  }
}

export function dialRaw(port: number, host = '127.0.0.1'): Promise<RawPeer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true })
    socket.once('error', reject).once('connect', () => resolve(rawPeer(socket)))
  })
}

/** The opening of a WebSocket, as a client writes it. */
export function opening(path = '/', headers: readonly string[] = ['Sec-WebSocket-Protocol: sip']): string {
  return [
    `GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', ...headers, '', '',
  ].join('\r\n')
}

/** A masked frame (RFC 6455 §5.2). `announced` lies about the length. */
export function frame(opcode: number, payload: string | Uint8Array, options: { readonly fin?: boolean; readonly announced?: bigint; readonly masked?: boolean } = {}): Buffer {
  const bytes = Buffer.from(payload as string)
  const announced = options.announced ?? BigInt(bytes.length)
  const mask = Buffer.from([1, 2, 3, 4])
  const length = Buffer.alloc(9)
  length.writeBigUInt64BE(announced, 1)
  const short = announced < 126n
  const masked = options.masked ?? true
  const bit = masked ? 0x80 : 0
  const head = short ? Buffer.from([((options.fin ?? true) ? 0x80 : 0) | opcode, bit | Number(announced)]) : Buffer.concat([Buffer.from([((options.fin ?? true) ? 0x80 : 0) | opcode, bit | 127]), length.subarray(1)])
  return Buffer.concat([head, ...(masked ? [mask, bytes.map((octet, index) => octet ^ (mask[index & 3] ?? 0))] : [bytes])])
}

export function options(transport: TransportName, extra: readonly string[] = [], body = ''): string {
  return [
    'OPTIONS sip:bob@example.com SIP/2.0', `Via: SIP/2.0/${transport} pc.example.com;rport;branch=z9hG4bK1`, 'Max-Forwards: 70', 'From: <sip:alice@example.com>;tag=a',
    'To: <sip:bob@example.com>', 'Call-ID: call-1', 'CSeq: 1 OPTIONS', ...extra, ...(extra.some((line) => /^(l|content-length):/i.test(line)) ? [] : [`Content-Length: ${body.length}`]), '', '',
  ].join('\r\n') + body
}

// One request after the other over a connection, from one end to the other in one process: two transport layers, beside raw
// sockets that carry the same octets and count the requests by their size.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { serializeMessage } from '@offhook/sip-parser'
import { TransportLayer, type AdapterFactory } from '@offhook/sip-transport'
import { tcpAdapter, tlsAdapter, wsAdapter } from '@offhook/sip-transport-node'
import { WebSocket, WebSocketServer } from 'ws'
import { optionsRequest } from '../udp/options-request.ts'
import type { Group, Operation } from '../subject.ts'

/** How many requests are on their way at a time. */
const WINDOW = 64
const host = '127.0.0.1'
const bytes = serializeMessage(optionsRequest(1))

/** Sends windows of requests, each when the one before has arrived. `arrived` is to be called for every request that does. */
function windows(send: () => void): { readonly operation: Operation; readonly arrived: (requests: number) => void } {
  let waiting = 0
  let whole: () => void = () => undefined
  return {
    arrived: (requests) => {
      waiting -= requests
      if (waiting === 0) whole()
    },
    operation: async (count) => {
      for (let left = count; left > 0; left -= WINDOW) {
        const size = Math.min(WINDOW, left)
        waiting = size
        const arrived = new Promise<void>((resolve) => (whole = resolve))
        for (let sent = 0; sent < size; sent += 1) send()
        await arrived
      }
    },
  }
}

async function layers(transport: 'TCP' | 'TLS' | 'WS', adapter: AdapterFactory): Promise<Operation> {
  const rest = { adapters: [adapter], clock: hostClock, random: hostRandom }
  const message = optionsRequest(1)
  const { operation, arrived } = windows(() => client.send(message, flow))
  const server = new TransportLayer({ ...rest, receive: () => arrived(1) })
  const { local } = await server.listen({ transport, host, port: 0 })
  const client = new TransportLayer({ ...rest, receive: () => undefined })
  const flow = await client.connect({ transport, host, port: local.port })
  return operation
}

async function raw(listener: Server, dial: (port: number) => Socket, ready: 'connect' | 'secureConnect'): Promise<Operation> {
  let seen = 0
  listener.on(ready === 'connect' ? 'connection' : 'secureConnection', (socket: Socket) => socket.on('data', (piece: Uint8Array) => {
    seen += piece.length
    const requests = Math.floor(seen / bytes.length)
    seen -= requests * bytes.length
    if (requests > 0) arrived(requests)
  }))
  listener.listen(0, host)
  await once(listener, 'listening')
  const socket = dial((listener.address() as AddressInfo).port).setNoDelay(true)
  await once(socket, ready)
  const { operation, arrived } = windows(() => socket.write(bytes))
  return operation
}

/** The `ws` that the adapter uses, without the adapter. */
async function rawWebSocket(): Promise<Operation> {
  const listener = new WebSocketServer({ port: 0, host, perMessageDeflate: false })
  listener.on('connection', (socket) => socket.on('message', () => arrived(1)))
  await once(listener, 'listening')
  const socket = new WebSocket(`ws://${host}:${(listener.address() as AddressInfo).port}`, { perMessageDeflate: false })
  await once(socket, 'open')
  const { operation, arrived } = windows(() => socket.send(bytes, { binary: false }))
  return operation
}

/** A certificate for this machine, that vouches for itself. */
function selfSigned(): { readonly ca: string; readonly cert: string; readonly key: string } {
  const pem = execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=bench', '-addext', `subjectAltName=IP:${host}`,
    '-keyout', '-', '-out', '-',
  ], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return { ca: pem, cert: pem, key: pem }
}

async function layersOverTls(): Promise<Operation> {
  return layers('TLS', tlsAdapter(selfSigned()))
}

async function rawTls(): Promise<Operation> {
  const { ca, cert, key } = selfSigned()
  return raw(createTlsServer({ cert, key }), (port) => connectTls({ port, host, ca }), 'secureConnect')
}

export const group: Group = {
  'request over TCP, both ends': [
    { system: 'offhook', prepare: () => layers('TCP', tcpAdapter()) },
    { system: 'floor', prepare: () => raw(createServer(), (port) => connect({ port, host }), 'connect') },
  ],
  'request over TLS, both ends': [
    { system: 'offhook', prepare: layersOverTls },
    { system: 'floor', prepare: rawTls },
  ],
  'request over WS, both ends': [
    { system: 'offhook', prepare: () => layers('WS', wsAdapter()) },
    { system: 'floor', prepare: rawWebSocket },
  ],
}

// The client: keeps 64 OPTIONS requests on their way to a UDP server, each in a transaction of its own, until `count` are answered.
import { createSocket } from 'node:dgram'

const WINDOW = 64
const PATIENCE = 500

const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
const { port: local } = socket.address()
let [server, left, waiting, lost, run, next] = [0, 0, 0, 0, 0, 0]
let [answered, seen] = [0, -1]
let watch: NodeJS.Timeout | undefined

function request(): void {
  left -= 1
  waiting += 1
  const id = `r${run}x${next++}`
  socket.send(Buffer.from(
    `OPTIONS sip:server@127.0.0.1:${server} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${local};branch=z9hG4bK${id};rport\r\nMax-Forwards: 70\r\nFrom: <sip:load@127.0.0.1:${local}>;tag=${id}\r\n` +
    `To: <sip:server@127.0.0.1:${server}>\r\nCall-ID: ${id}@127.0.0.1\r\nCSeq: 1 OPTIONS\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n`, 'latin1'), server, '127.0.0.1')
}

function fill(): void {
  while (left > 0 && waiting < WINDOW) request()
}

/** What the kernel dropped does not come any more: nothing came since the last look. */
function look(): void {
  if (waiting > 0 && answered === seen) {
    lost += waiting
    waiting = 0
    fill()
    finish()
  }
  seen = answered
}

/** The client does not sleep while it waits: to wake it would be the server's work, the more of it the slower the server is. */
function stayAwake(): void {
  if (waiting > 0 || left > 0) setImmediate(stayAwake)
}

function finish(): void {
  if (waiting > 0 || left > 0) return
  clearInterval(watch)
  process.send?.({ lost })
}

// What a request gets is a 200, or itself; a provisional response would not do.
socket.on('message', (bytes) => {
  if (waiting === 0) return
  const first = bytes.toString('latin1', 0, 11)
  if (first !== 'SIP/2.0 200' && !first.startsWith('OPTIONS')) throw new TypeError(`A request got ${bytes.toString('latin1', 0, 40)}`)
  answered += 1
  waiting -= 1
  if (left > 0) request()
  else finish()
})

process.on('message', ({ port, count }: { port: number; count: number }) => {
  ;[server, left, waiting, lost] = [port, count, 0, 0]
  run += 1
  watch = setInterval(look, PATIENCE)
  fill()
  stayAwake()
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

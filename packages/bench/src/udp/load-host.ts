// The caller: places `count` calls at `rate` a second on a UDP server and counts those that end as they should.
// Every call is INVITE, 180, 200, ACK, BYE, 200; a request without an answer goes out again after 500 ms.
import { createSocket } from 'node:dgram'
import { offer } from '../calls/call-maker.ts'

const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
const { port: local } = socket.address()

interface Call {
  readonly id: string
  stage: 'inviting' | 'ending'
  timer: NodeJS.Timeout
  copies: number
}

const calls = new Map<string, Call>()
let run = 0
let [finished, failed, retransmissions] = [0, 0, 0]
let server = 0
let settle: () => void = () => undefined

const head = (method: string, call: string, sequence: number, branch: string, to = ''): string =>
  `${method} sip:server@127.0.0.1:${server} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${local};branch=z9hG4bK${call}${branch}\r\nMax-Forwards: 70\r\nFrom: <sip:load@127.0.0.1:${local}>;tag=${call}\r\n` +
  `To: <sip:server@127.0.0.1:${server}>${to}\r\nCall-ID: ${call}@127.0.0.1\r\nCSeq: ${sequence} ${method}\r\nContact: <sip:load@127.0.0.1:${local}>\r\n`

const post = (text: string): void => socket.send(Buffer.from(text, 'latin1'), server, '127.0.0.1')

function request(call: Call, text: string): void {
  post(text)
  clearTimeout(call.timer)
  call.timer = setTimeout(() => {
    retransmissions += 1
    if (++call.copies > 8) end(call, false)
    else request(call, text)
  }, 500)
}

function end(call: Call, well: boolean): void {
  clearTimeout(call.timer)
  if (!calls.delete(call.id)) return
  if (well) finished += 1
  else failed += 1
  settle()
}

socket.on('message', (bytes) => {
  const text = bytes.toString('latin1')
  const id = /\r\nCall-ID: *([^@\r]+)/i.exec(text)?.[1] ?? ''
  const call = calls.get(id)
  const status = Number(text.slice(8, 11))
  if (call === undefined || status < 200) return
  const method = /\r\nCSeq: *\d+ (\w+)/i.exec(text)?.[1]
  if (status !== 200) end(call, false)
  else if (method === 'INVITE') {
    const to = /\r\nTo:[^\r]*(;tag=[^\r;]+)/i.exec(text)?.[1] ?? ''
    post(`${head('ACK', id, 1, 'a', to)}Content-Length: 0\r\n\r\n`)
    if (call.stage === 'inviting') {
      call.stage = 'ending'
      request(call, `${head('BYE', id, 2, 'b', to)}Content-Length: 0\r\n\r\n`)
    }
  } else if (method === 'BYE') end(call, true)
})

process.on('message', ({ port, count, rate }: { port: number; count: number; rate: number }) => {
  server = port
  ;[finished, failed, retransmissions] = [0, 0, 0]
  run += 1
  let placed = 0
  const started = performance.now()
  const pace = setInterval(() => {
    const due = Math.min(count, Math.floor(((performance.now() - started) / 1000) * rate))
    for (; placed < due; placed += 1) {
      const id = `r${run}c${placed}`
      const call: Call = { id, stage: 'inviting', copies: 0, timer: setTimeout(() => undefined, 0) }
      calls.set(id, call)
      request(call, `${head('INVITE', id, 1, 'i')}Content-Type: application/sdp\r\nContent-Length: ${offer.length}\r\n\r\n${offer}`)
    }
    if (placed === count) clearInterval(pace)
  }, 2)
  settle = () => {
    if (finished + failed === count) process.send?.({ finished, failed, retransmissions })
  }
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

// UDP servers that answer calls: 180 and 200 to INVITE, 200 to BYE. Each listens on the port it is told.
import { createSocket } from 'node:dgram'
import { UserAgent } from '@offhook/sip-session'
import { udpAdapter } from '@offhook/sip-transport-node'
import sip from 'sip'
import { answer } from '../calls/call-maker.ts'

/** Starts and resolves when it listens on 127.0.0.1. */
export type StartServer = (port: number) => Promise<void>

/** The floor: no transactions, no state; the header lines that must come back are copied as text. */
const bare: StartServer = (port) => new Promise((resolve) => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  const copied = ['v', 'f', 't', 'i', 'c'].map((letter) => letter.charCodeAt(0))
  socket.on('message', (bytes, { port: from, address }) => {
    const lines = bytes.toString('latin1').split('\r\n')
    const method = lines[0]?.slice(0, 3)
    if (method === 'ACK') return
    const back = lines.filter((line) => copied.includes(line.charCodeAt(0) | 32) && /^(Via|From|Call-ID|CSeq|To):/i.test(line)).map((line) => (line.startsWith('To:') && !line.includes(';tag=') ? `${line};tag=1` : line)).join('\r\n')
    const send = (status: string, rest: string): void => socket.send(Buffer.from(`SIP/2.0 ${status}\r\n${back}\r\n${rest}`, 'latin1'), from, address)
    const contact = `Contact: <sip:server@127.0.0.1:${port}>\r\n`
    if (method === 'INV') {
      send('180 Ringing', `${contact}Content-Length: 0\r\n\r\n`)
      send('200 OK', `${contact}Content-Type: application/sdp\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`)
    } else send('200 OK', 'Content-Length: 0\r\n\r\n')
  })
  socket.bind(port, '127.0.0.1', resolve)
})

const offhook: StartServer = async (port) => {
  const agent = new UserAgent({ identity: 'sip:server@127.0.0.1', adapters: [udpAdapter()], acceptAnyUser: true })
  agent.on('incoming', (call) => {
    void call.ring()
    void call.answer({ body: answer })
  })
  await agent.listen({ transport: 'UDP', host: '127.0.0.1', port })
}

/** npm `sip` has transactions; dialogs are the application's, here a map of them. */
const npmSip: StartServer = (port) => {
  const dialogs = new Map<string, number>()
  let next = 0
  sip.start({ udp: true, tcp: false, address: '127.0.0.1', port }, (request) => {
    const callId = request.headers['call-id']
    if (request.method === 'INVITE') {
      const tag = String(++next)
      dialogs.set(callId, next)
      request.headers.to.params['tag'] = tag
      const contact = [{ uri: `sip:server@127.0.0.1:${port}`, params: {} }]
      sip.send(sip.makeResponse(request, 180, 'Ringing', { headers: { contact } }))
      sip.send(sip.makeResponse(request, 200, 'OK', { headers: { contact, 'content-type': 'application/sdp' }, content: answer }))
    } else if (request.method === 'BYE') {
      sip.send(sip.makeResponse(request, dialogs.delete(callId) ? 200 : 481, 'OK'))
    }
  })
  return Promise.resolve()
}

export const servers: Readonly<Record<string, StartServer>> = { offhook, sip: npmSip, 'floor: node:dgram': bare }

// UDP servers that answer OPTIONS by 200. Each listens on the port it is told.
import { createSocket } from 'node:dgram'
import { Alarm, createToken } from '@offhook/sip-machine'
import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { createResponse } from '@offhook/sip-parser'
import { TransactionLayer, type TransactionEffect } from '@offhook/sip-transaction'
import { TransportLayer, type Flow } from '@offhook/sip-transport'
import { udpAdapter } from '@offhook/sip-transport-node'
import sip from 'sip'
import { optionsRequest } from './options-request.ts'
import type { StartServer } from './servers.ts'

/** The floor: what comes is sent back. */
const echo: StartServer = (port) => new Promise((resolve) => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  socket.on('message', (bytes, { port: from, address }) => socket.send(bytes, from, address))
  socket.bind(port, '127.0.0.1', resolve)
})

/** The transport layer alone: parsed, stamped, answered, forgotten. */
const stateless: StartServer = async (port) => {
  const toTag = createToken(hostRandom)
  const transport: TransportLayer = new TransportLayer({
    adapters: [udpAdapter()], clock: hostClock, random: hostRandom,
    receive: (message, flow) => {
      if (message.kind === 'request') transport.respond(createResponse(message, { statusCode: 200, toTag }), flow)
    },
  })
  await transport.listen({ transport: 'UDP', host: '127.0.0.1', port })
}

/** Transport and transactions, and nothing above them. `live` transactions are there already, and none of them ends while the server runs. */
const stateful = (live: number): StartServer => async (port) => {
  const transactions = new TransactionLayer<Flow | typeof elsewhere>({ random: hostRandom, maxTransactions: Infinity, timers: live > 0 ? { t1: 60_000, t2: 240_000 } : {} })
  const alarm = new Alarm(hostClock, () => step((now, out) => transactions.wake(now, out)))
  const transport = new TransportLayer({
    adapters: [udpAdapter()], clock: hostClock, random: hostRandom,
    receive: (message, flow) => step((now, out) => transactions.receive(now, { type: 'message', message, flow }, out)),
  })
  function step(act: (now: number, out: TransactionEffect<Flow | typeof elsewhere>[]) => void): void {
    const out: TransactionEffect<Flow | typeof elsewhere>[] = []
    act(hostClock.now(), out)
    for (const effect of out) {
      if (effect.type === 'request') {
        const response = createResponse(effect.request, { statusCode: 200, toTag: createToken(hostRandom) })
        step((now, more) => transactions.receive(now, { type: 'respond', key: effect.key, response }, more))
      } else if (effect.type === 'send' && effect.flow !== elsewhere && effect.message.kind === 'response') transport.respond(effect.message, effect.flow as Flow)
    }
    alarm.set(transactions.deadline)
  }
  for (let count = 0; count < live; count += 1) step((now, out) => transactions.receive(now, { type: 'message', message: optionsRequest(count), flow: elsewhere }, out))
  await transport.listen({ transport: 'UDP', host: '127.0.0.1', port })
}

/** Where the transactions that are there already came from. */
const elsewhere = { reliable: false, elsewhere: true } as const

const npmSip: StartServer = (port) => {
  let tags = 0
  sip.start({ udp: true, tcp: false, address: '127.0.0.1', port }, (request) => {
    request.headers.to.params['tag'] = String(++tags)
    sip.send(sip.makeResponse(request, 200, 'OK'))
  })
  return Promise.resolve()
}

export const optionsServers: Readonly<Record<string, StartServer>> = {
  'OPTIONS: offhook, stateless': stateless,
  'OPTIONS: offhook': stateful(0), 'OPTIONS: offhook, 500,000 live': stateful(500_000), 'OPTIONS: sip': npmSip, 'OPTIONS: floor': echo,
}

// A telephone that a test leads by the hand: run inside a place by `node roaming-phone.ts <identity> <server> [ping]`, on the built packages.
// Takes one command a line (`call <uri>`, `hold`, `resume`, `register`, `hangup`, `quit`) and prints what came of it, and what went over the wire.
import { createInterface } from 'node:readline'
import { hostClock } from '@offhook/sip-machine/host'
import { serverList, UserAgent, type Call } from '@offhook/sip-session'
import { createLocate, nodeAdapters } from '@offhook/sip-transport-node'
import { signallingMedia } from './signalling-media.ts'

const [, , identity = '', server = '', ping] = process.argv

const print = (event: string, more: object): void => console.log(JSON.stringify({ event, at: hostClock.now(), ...more }))

const agent = new UserAgent({
  identity, media: signallingMedia, adapters: nodeAdapters(), locate: createLocate({ steady: true }),
  server: serverList([server]),
  ...(ping === undefined ? {} : { keepAlive: { interval: 1_000, pongTimeout: 1_000 } }),
  trace: ({ direction, transport, local, remote, message }) => {
    const [method, contact] = [message.cseq.method, message.headers.get('Contact')]
    print('wire', { direction, transport, local, remote, method, contact, ...(message.kind === 'response' && { status: message.statusCode }) })
  },
})
agent.on('connection', (state) => print('connection', { state }))
agent.on('registration', (state) => print('registration', { state: state.name }))

let call: Call | undefined
const commands: Readonly<Record<string, (argument: string) => Promise<unknown> | undefined>> = {
  call: async (uri) => {
    call = agent.call(uri)
    void call.ended.then(({ by, cause, reason }) => print('ended', { by, cause, reason }))
    return call.answered.then(({ answered }) => answered)
  },
  hold: () => call?.hold(),
  resume: () => call?.resume(),
  hangup: () => call?.hangUp(),
  register: () => agent.register({ expires: 600, retries: 10 }).then(({ expires }) => expires),
  quit: () => agent.close(),
}

for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', argument = ''] = line.split(' ')
  // Not awaited: the next command may come while this one waits for the network.
  void commands[name]?.(argument)?.then((result) => print('did', { name, result }), (error: unknown) => print('did', { name, error: String(error) }))
  if (name === 'quit') break
}

import { parseMessage } from '@offhook/sip-parser'
import { mustEqual } from './compliance-error.js'
import { encode } from './compliance-stage.js'
import type { Scenario } from './scenario.js'

const BURST = 200

/** Opening a flow, and what it carries. */
export const carryingScenarios: readonly Scenario[] = [
  {
    name: 'opens, accepts and carries octets both ways',
    run: async (stage) => {
      const { server, client, dialled, accepted } = await stage.pair()
      accepted.send(encode('back'))
      await client.recorder.until(() => client.recorder.text(dialled) === 'back')
      mustEqual('what the server got', server.recorder.text(accepted), 'first')
      mustEqual('the directions', [dialled.direction, accepted.direction], ['outbound', 'inbound'])
      mustEqual('reliable', dialled.reliable, client.adapter.framing !== 'datagram')
    },
  },
  {
    name: 'tells of the opening once, before anything else',
    needs: ['connections'],
    run: async (stage) => {
      const { server, client, dialled, accepted } = await stage.pair()
      mustEqual('what the server was told', server.recorder.of(accepted).order, ['opened', 'received'])
      mustEqual('what the client was told', client.recorder.of(dialled).order, ['opened'])
    },
  },
  {
    name: 'knows both addresses, and gives one for the Via',
    run: async (stage) => {
      const { listener, dialled, accepted } = await stage.pair()
      mustEqual('a port of its own', listener.local.port > 0, true)
      mustEqual('the port that was dialled', dialled.remote.port, listener.local.port)
      mustEqual('where it was accepted', accepted.local, listener.local)
      for (const flow of [dialled, accepted]) {
        const via = parseMessage(`SIP/2.0 200 OK\r\nVia: SIP/2.0/${flow.transport} ${flow.sentBy};branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n`)
        mustEqual('the sent-by, written and read again', via.ok && via.value.via.sentBy, flow.sentBy)
      }
    },
  },
  {
    name: 'sees the address that the peer sees of itself',
    needs: ['peerAddress'],
    run: async (stage) => {
      const { dialled, accepted } = await stage.pair()
      mustEqual('the address of the peer', accepted.remote, dialled.local)
    },
  },
  {
    name: 'carries 60,000 octets whole',
    run: async (stage) => {
      const { server, dialled, accepted } = await stage.pair()
      const bytes = Uint8Array.from({ length: 60_000 }, (_, index) => 32 + (index % 95))
      dialled.send(bytes.slice())
      await server.recorder.until(() => server.recorder.text(accepted).length >= 60_005)
      mustEqual('the octets', server.recorder.text(accepted).slice(5) === new TextDecoder().decode(bytes), true)
    },
  },
  {
    name: 'carries octets that are not text',
    run: async (stage) => {
      const { server, dialled, accepted } = await stage.pair()
      dialled.send(Uint8Array.of(0xff, 0x00, 0xfe, 0x80))
      await server.recorder.until(() => server.recorder.of(accepted).received.length > 1)
      mustEqual('the octets', [...(server.recorder.of(accepted).received[1] ?? [])], [0xff, 0x00, 0xfe, 0x80])
    },
  },
  {
    name: `carries ${BURST} messages that are sent at once, each way, whole and in order`,
    needs: ['connections'],
    run: async (stage) => {
      const { server, client, dialled, accepted } = await stage.pair()
      const burst = Array.from({ length: BURST }, (_, index) => `<${index}>${'x'.repeat(index * 7)}`)
      for (const text of burst) {
        dialled.send(encode(text))
        accepted.send(encode(text))
      }
      const whole = burst.join('')
      await server.recorder.until(() => server.recorder.text(accepted).length >= whole.length + 5)
      await client.recorder.until(() => client.recorder.text(dialled).length >= whole.length)
      mustEqual('what the server got', server.recorder.text(accepted) === `first${whole}`, true)
      mustEqual('what the client got', client.recorder.text(dialled) === whole, true)
      if (server.adapter.framing !== 'message') return
      mustEqual('one message a frame', server.recorder.of(accepted).received.length, BURST + 1)
    },
  },
  {
    name: 'listens at several ports at once',
    run: async (stage) => {
      const { server, client, listener } = await stage.pair()
      const second = await stage.listen(server)
      mustEqual('the same port twice', second.local.port === listener.local.port, false)
      const flow = await client.adapter.connect(stage.targetAt(second.local))
      flow.send(encode('second'))
      const accepted = await server.recorder.until(() => server.recorder.logs.find((log) => log.flow.local.port === second.local.port && log.received.length > 0)?.flow)
      mustEqual('what came in there', server.recorder.text(accepted), 'second')
    },
  },
]

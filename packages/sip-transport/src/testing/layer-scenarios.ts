import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { createResponse, parseMessage } from '@offhook/sip-parser'
import type { SipMessage, SipRequest } from '@offhook/sip-parser'
import type { AdapterFactory, Flow, Target } from '../adapter.js'
import { TransportLayer } from '../transport-layer.js'
import { ComplianceError, mustEqual } from './compliance-error.js'
import { encode } from './compliance-stage.js'
import type { ComplianceStage } from './compliance-stage.js'
import type { Scenario } from './scenario.js'

type Receive = (message: SipMessage, flow: Flow, self: TransportLayer) => void

/** An adapter under the transport layer, with messages. */
export const layerScenarios: readonly Scenario[] = [
  {
    name: 'carries a request and its response through two layers, and reuses the flow',
    run: async (stage) => {
      const server = layer(stage, stage.subject.listening(), (message, flow, self) => {
        if (message.kind === 'request') self.respond(createResponse(message, { statusCode: 200, toTag: 'x' }), flow)
      })
      const { client, answered, target } = await clientOf(stage, server)
      const [first, second] = await Promise.all([client.connect(target), client.connect(target)])
      mustEqual('two dials at once share a flow', second === first, true)
      mustEqual('a later one takes it', (await client.connect(target)) === first, true)
      mustEqual('why it was not sent', client.send(options(client.via(first, 'z9hG4bKabc')), first), undefined)
      const response = await answered
      mustEqual('the status', response.kind === 'response' && response.statusCode, 200)
      mustEqual('the branch', response.via.branch, 'z9hG4bKabc')
      mustEqual('received and rport', [response.via.received !== undefined, typeof response.via.rport], [true, 'number'])
      for (const { counters } of [server, client]) {
        mustEqual('the counters', [counters.received, counters.sent, counters.malformed, counters.dropped], [1, 1, 0, 0])
      }
    },
  },
  {
    name: 'answers a request of another version, and hands it to nobody',
    run: async (stage) => {
      const seen: SipMessage[] = []
      const server = layer(stage, stage.subject.listening(), (message) => seen.push(message))
      const { client, answered, target } = await clientOf(stage, server)
      const flow = await client.connect(target)
      flow.send(encode(text(client.via(flow, 'z9hG4bKabc')).replace('SIP/2.0', 'SIP/3.0')))
      const response = await answered
      mustEqual('the status', response.kind === 'response' && response.statusCode, 505)
      mustEqual('what was handed up', seen.length, 0)
      mustEqual('malformed', server.counters.malformed, 1)
    },
  },
]

function layer(stage: ComplianceStage, factory: AdapterFactory, receive: Receive): TransportLayer {
  const self: TransportLayer = new TransportLayer({
    adapters: [factory], clock: hostClock, random: hostRandom, receive: (message, flow) => receive(message, flow, self),
  })
  return stage.keep(self)
}

/** A client, the first message that it gets, and where the server listens. */
async function clientOf(stage: ComplianceStage, server: TransportLayer): Promise<{ client: TransportLayer; answered: Promise<SipMessage>; target: Target }> {
  const { transport } = stage.dialling().adapter
  const { local } = await server.listen({ transport, host: stage.subject.host, port: 0 })
  let seen: (message: SipMessage) => void = () => undefined
  const answered = new Promise<SipMessage>((resolve) => {
    seen = resolve
  })
  const client = layer(stage, stage.subject.dialling(), (message) => seen(message))
  return { client, answered, target: stage.targetAt(local) }
}

function text(via: string): string {
  return `OPTIONS sip:b@example.com SIP/2.0\r\nVia: ${via}\r\nMax-Forwards: 70\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`
}

function options(via: string): SipRequest {
  const parsed = parseMessage(text(via))
  if (!parsed.ok || parsed.value.kind !== 'request') throw new ComplianceError('cannot-run', 'The request does not parse.')
  return parsed.value
}

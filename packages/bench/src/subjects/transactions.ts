// A non-INVITE transaction from its opening to its last timer, both ends: request out, request in, 200 out, 200 in.
import { hostRandom } from '@offhook/sip-machine/host'
import { createRequest, createResponse, parseMessage, serializeMessage, type SipMessage, type SipRequest, type SipResponse } from '@offhook/sip-parser'
import { TransactionLayer, type TransactionEffect } from '@offhook/sip-transaction'
import { BenchError } from '../errors.ts'
import type { Group, Operation } from '../subject.ts'

interface Exchange {
  readonly key: string
  readonly request: SipRequest
  readonly received: SipRequest
  readonly response: SipResponse
  readonly answer: SipResponse
}

/** Transactions that are live at the same time: those of one side all end together. */
const LIVE = 256
/** 64·T1, and what comes after it, ms. */
const OVER = 64_000

function throughOctets<Message extends SipMessage>(message: Message): Message {
  const parsed = parseMessage(serializeMessage(message))
  if (!parsed.ok) throw new BenchError('message-refused', 'A message of our own was refused')
  return parsed.value as Message
}

function exchangeOf(number: number, branch: string): Exchange {
  const request = createRequest({
    method: 'OPTIONS', requestUri: 'sip:bob@example.com',
    headers: [
      ['Via', `SIP/2.0/UDP 192.0.2.1;branch=${branch}`], ['Max-Forwards', 70], ['From', '<sip:alice@example.com>;tag=a1'],
      ['To', '<sip:bob@example.com>'], ['Call-ID', `c${number}`], ['CSeq', `${number} OPTIONS`],
    ],
  })
  const received = throughOctets(request)
  const response = createResponse(received, { statusCode: 200, toTag: 'b2' })
  return { key: `k${number}`, request, received, response, answer: throughOctets(response) }
}

function prepare(): Operation {
  const flow = { reliable: false }
  const client = new TransactionLayer<typeof flow>({ random: hostRandom })
  const server = new TransactionLayer<typeof flow>({ random: hostRandom })
  const exchanges = Array.from({ length: LIVE }, (_, number) => exchangeOf(number, client.createBranch()))
  const out: TransactionEffect<typeof flow>[] = []
  let now = 0
  let next = 0

  function exchange({ key, request, received, response, answer }: Exchange): void {
    now += 0.1
    client.receive(now, { type: 'request', key, request, flow }, out)
    server.receive(now, { type: 'message', message: received, flow }, out)
    const asked = out[1]
    if (asked?.type !== 'request') throw new BenchError('message-refused', 'The request opened no transaction')
    server.receive(now, { type: 'respond', key: asked.key, response }, out)
    client.receive(now, { type: 'message', message: answer, flow }, out)
    if (out.length !== 4) throw new BenchError('message-refused', `An exchange had ${out.length} effects`)
    out.length = 0
  }

  function end(): void {
    now += OVER
    client.wake(now, out)
    server.wake(now, out)
    if (client.size + server.size > 0) throw new BenchError('message-refused', 'A transaction did not end')
    out.length = 0
    next = 0
  }

  return (count) => {
    for (let done = 0; done < count; done += 1) {
      exchange(exchanges[next] as Exchange)
      next += 1
      if (next === LIVE) end()
    }
  }
}

export const group: Group = { 'non-INVITE transaction, both ends': [{ system: 'offhook', prepare }] }

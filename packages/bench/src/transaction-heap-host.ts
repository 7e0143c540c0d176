// Heap of a live server transaction, without its messages. Runs in a Node with --expose-gc.
import { hostRandom } from '@offhook/sip-machine/host'
import { createResponse } from '@offhook/sip-parser'
import { TransactionLayer, type TransactionEffect } from '@offhook/sip-transaction'
import { optionsRequest } from './udp/options-request.ts'

const COUNT = 100_000
const flow = { reliable: false }
const layer = new TransactionLayer<typeof flow>({ random: hostRandom, maxTransactions: Infinity })
const out: TransactionEffect<typeof flow>[] = []

function open(number: number): number {
  const request = optionsRequest(number)
  layer.receive(0, { type: 'message', message: request, flow }, out)
  const key = out[0]?.type === 'request' ? out[0].key : ''
  const response = createResponse(request, { statusCode: 200, toTag: 'here' })
  layer.receive(0, { type: 'respond', key, response }, out)
  out.length = 0
  // What waits is the text of the response: one octet a character, behind two words.
  return response.headers.toText(0).length + response.startLine.length + 2 + 16
}

function heapUsed(): number {
  for (let pass = 0; pass < 4; pass += 1) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

// The first round pays for what is made once.
for (let number = 0; number < COUNT; number += 1) open(number)
layer.wake(1e9, out)
const before = heapUsed()
let messages = 0
for (let number = 0; number < COUNT; number += 1) messages += open(number)
process.send?.((heapUsed() - before - messages) / COUNT)
process.exit(0)

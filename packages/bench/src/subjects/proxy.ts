// What a proxy does to a message that passes: parse, drop the top Via, put another on top, Max-Forwards - 1, write.
import { parseMessage, serializeMessage } from '@offhook/sip-parser'
import sip from 'sip'
import { mix } from '../corpus/messages.ts'
import { BenchError } from '../errors.ts'
import type { Group, Operation } from '../subject.ts'

/** The message as it leaves; `branch` is that of the new Via. */
type ProxyStep = (bytes: Uint8Array, branch: string) => Uint8Array

const offhook: ProxyStep = (bytes, branch) => {
  const result = parseMessage(bytes)
  if (!result.ok) throw result.error
  const { value: message } = result
  const { maxForwards, headers } = message
  headers.removeFirst('Via')
  headers.prepend('Via', `SIP/2.0/UDP 192.0.2.10:5060;branch=${branch}`)
  if (maxForwards !== undefined) headers.set('Max-Forwards', String(maxForwards - 1))
  return serializeMessage(message)
}

const npmSip: ProxyStep = (bytes, branch) => {
  const message = sip.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  if (message === undefined) throw new BenchError('message-refused', 'sip refused a message of the corpus')
  const { headers } = message
  headers.via.shift()
  headers.via.unshift({ version: '2.0', protocol: 'UDP', host: '192.0.2.10', port: 5060, params: { branch } })
  const hops = headers['max-forwards']
  if (hops !== undefined) headers['max-forwards'] = String(Number(hops) - 1)
  return Buffer.from(sip.stringify(message))
}

/** The floor: finds two lines that stand where they stand in this corpus, and writes all again. */
const floor: ProxyStep = (bytes, branch) => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const via = text.indexOf('\nVia: ') + 1
  const rest = text.indexOf('\n', via) + 1
  const hops = text.indexOf('\nMax-Forwards: ', rest - 1) + 1
  const top = `${text.slice(0, via)}Via: SIP/2.0/UDP 192.0.2.10:5060;branch=${branch}\r\n`
  if (hops === 0) return Buffer.from(`${top}${text.slice(rest)}`, 'latin1')
  const end = text.indexOf('\n', hops)
  return Buffer.from(`${top}${text.slice(rest, hops)}Max-Forwards: ${Number(text.slice(hops + 14, end)) - 1}\r${text.slice(end)}`, 'latin1')
}

/** System → its proxy step. */
export const proxySteps: Readonly<Record<string, ProxyStep>> = { offhook, sip: npmSip, 'floor: find two lines': floor }

const over = (step: ProxyStep) => (): Operation => {
  const messages = mix()
  let next = 0
  let written = 0
  return (count) => {
    for (let done = 0; done < count; done += 1) {
      written += step(messages[next] as Uint8Array, `z9hG4bK7d3f${next}a81c`).byteLength
      next = (next + 1) % messages.length
    }
    if (written === 0) throw new BenchError('message-refused', 'Nothing was written')
  }
}

export const group: Group = { 'proxy step': Object.entries(proxySteps).map(([system, step]) => ({ system, prepare: over(step) })) }

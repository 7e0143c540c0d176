import { createResponse, messageText, parseMessage } from '@offhook/sip-parser'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import { createAck } from './ack-request.js'
import type { Hop } from './hop.js'
import type { TransactionEffect } from './layer-messages.js'
import type { TransactionAction, TransactionMemory } from './transition-table.js'

// The actions of the four tables. Those that take the event for a message or for a timer stand in rows of such events only.

function send(transaction: TransactionMemory, message: SipMessage | undefined, out: TransactionEffect<Hop>[]): void {
  if (message === undefined) return
  const { key, flow } = transaction
  out.push({ type: 'send', message, flow, retransmission: message === transaction.sent, key })
  transaction.sent = message
}

export const sendRequest: TransactionAction = (transaction, _event, out) => send(transaction, transaction.request, out)

export const sendResponse: TransactionAction = (transaction, event, out) => send(transaction, event as SipResponse, out)

/** A 2xx is repeated by its user (RFC 6026 §7.1), who holds it for that: it is known again here, and not kept. */
export const sendSuccess: TransactionAction = (transaction, event, out) => {
  const message = event as SipResponse
  const { key, flow } = transaction
  out.push({ type: 'send', message, flow, retransmission: successes.get(message) === key, key })
  transaction.request = transaction.sent = undefined
  successes.set(message, key)
}

/** By which transaction each 2xx went out. A WeakRef in the transaction would keep the message for as long as the engine does not pause. */
const successes = /* @__PURE__ */ new WeakMap<SipResponse, string>()

export const send100: TransactionAction = (transaction, _event, out) => {
  const { request } = transaction
  if (request !== undefined) send(transaction, createResponse(request, { statusCode: 100 }), out)
}

/** The transaction user has answered: no 100 is needed any more. */
export const stopTrying: TransactionAction = (transaction) => transaction.stop('inviteTrying')

/** Only a response from another fork, with a To tag of its own, gets another ACK. */
export const sendAck: TransactionAction = (transaction, event, out) => {
  const response = event as SipResponse
  const { request, ack } = transaction
  if (request !== undefined && ack?.headers.get('To') !== response.headers.get('To')) transaction.ack = createAck(request, response)
  send(transaction, transaction.ack, out)
}

export const sendAgain: TransactionAction = (transaction, _event, out) => {
  const { key, flow, sent } = transaction
  if (typeof sent !== 'string') return send(transaction, sent, out)
  const parsed = parseMessage(sent)
  if (parsed.ok) out.push({ type: 'send', message: parsed.value, flow, retransmission: true, key })
}

/** Nothing is repeated and nothing made of the request from here on: a transaction that only waits holds no message. */
export const forgetMessages: TransactionAction = (transaction) => {
  transaction.request = transaction.sent = undefined
}

export const forgetRequest: TransactionAction = (transaction) => {
  transaction.request = undefined
}

/** Characters of a text that the parser takes whatever is in it: not even empty fields of a name of one letter could be too many. */
const SURELY_READ = 1024

/** What waits 32 s for a retransmission that rarely comes is one string: a message holds on to the request it answers. */
export const keepText: TransactionAction = (transaction) => {
  const { sent } = transaction
  const text = typeof sent === 'object' ? messageText(sent) : undefined
  if (text !== undefined && text.length <= SURELY_READ) transaction.sent = text
}

export const requestToUser: TransactionAction = ({ key, request, cancels, merged, flow }, _event, out) => {
  if (request === undefined) return
  out.push(cancels === undefined ? { type: 'request', key, request, flow, merged } : { type: 'cancel', key, request, ...cancels, flow })
}

export const responseToUser: TransactionAction = ({ key }, event, out) => {
  out.push({ type: 'response', key, response: event as SipResponse })
}

export const ackToUser: TransactionAction = ({ flow }, event, out) => {
  out.push({ type: 'ack', request: event as SipRequest, flow })
}

export const timeoutToUser: TransactionAction = ({ key }, event, out) => {
  out.push({ type: 'timeout', key, timer: event as 'B' | 'F' | 'H' })
}

export const errorToUser: TransactionAction = ({ key }, _event, out) => {
  out.push({ type: 'flow-failed', key })
}

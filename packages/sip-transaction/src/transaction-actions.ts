import { createResponse } from '@offhook/sip-parser'
import type { SipMessage, SipRequest, SipResponse } from '@offhook/sip-parser'
import { createAck } from './ack-request.js'
import type { Hop } from './hop.js'
import type { TransactionEffect } from './layer-messages.js'
import type { TransactionAction, TransactionMemory } from './transition-table.js'

// The actions of the four tables. Those that take the event for a message or for a timer stand in rows of such events only.

function send(transaction: TransactionMemory, message: SipMessage | undefined, out: TransactionEffect<Hop>[]): void {
  if (message === undefined) return
  const { key, flow } = transaction.options
  out.push({ type: 'send', message, flow, retransmission: message === transaction.sent, key })
  transaction.sent = message
}

export const sendRequest: TransactionAction = (transaction, _event, out) => send(transaction, transaction.options.request, out)

export const sendResponse: TransactionAction = (transaction, event, out) => send(transaction, event as SipResponse, out)

/** Sends a 100, unless the transaction user has answered. */
export const send100: TransactionAction = (transaction, _event, out) => {
  if (transaction.sent === undefined) send(transaction, createResponse(transaction.options.request, { statusCode: 100 }), out)
}

/** Only a response from another fork, with a To tag of its own, gets another ACK. */
export const sendAck: TransactionAction = (transaction, event, out) => {
  const response = event as SipResponse
  if (transaction.ack?.headers.get('To') !== response.headers.get('To')) transaction.ack = createAck(transaction.options.request, response)
  send(transaction, transaction.ack, out)
}

export const sendAgain: TransactionAction = (transaction, _event, out) => send(transaction, transaction.sent, out)

export const withholdResponse: TransactionAction = (transaction) => {
  transaction.sent = undefined
}

export const requestToUser: TransactionAction = ({ options: { key, request, inviteKey, flow } }, _event, out) => {
  out.push(request.method === 'CANCEL' ? { type: 'cancel', key, request, inviteKey, flow } : { type: 'request', key, request, flow })
}

export const responseToUser: TransactionAction = ({ options: { key } }, event, out) => {
  out.push({ type: 'response', key, response: event as SipResponse })
}

export const ackToUser: TransactionAction = ({ options: { flow } }, event, out) => {
  out.push({ type: 'ack', request: event as SipRequest, flow })
}

export const timeoutToUser: TransactionAction = ({ options: { key } }, event, out) => {
  out.push({ type: 'timeout', key, timer: event as 'B' | 'F' | 'H' })
}

export const errorToUser: TransactionAction = ({ options: { key } }, _event, out) => {
  out.push({ type: 'flow-failed', key })
}

import { isToken } from '@offhook/sip-parser'
import type { FieldJson } from './message-json.js'

/** The JSON is not that of a message; the message is one line. */
export class MessageJsonError extends Error {
  override readonly name = 'MessageJsonError'
  readonly code = 'message-json'
}

/** The octets of a message that was described as JSON. @throws {@link MessageJsonError} with what is wrong with the JSON */
export function buildMessage(json: unknown): Buffer {
  if (!isObject(json)) throw new MessageJsonError('a message is a JSON object, as offhook parse prints it')
  const { octets, headers = [] } = json
  if (octets !== undefined) return Buffer.from(textIn(json, 'octets'), 'base64')
  const body = json.bodyBase64 === undefined ? Buffer.from(textIn(json, 'body', '')) : Buffer.from(textIn(json, 'bodyBase64'), 'base64')
  if (!Array.isArray(headers)) throw new MessageJsonError('headers is a list of objects with name and value')
  const lines = headers.map((field: unknown) => fieldLine(field, body.length))
  return Buffer.concat([Buffer.from(`${startLine(json)}\r\n${lines.join('')}\r\n`), body])
}

function startLine(json: Record<string, unknown>): string {
  if (json.kind === 'response') {
    const { statusCode } = json
    if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 100 || statusCode > 699) throw new MessageJsonError('statusCode is a number from 100 to 699')
    return `SIP/2.0 ${statusCode} ${oneLine(textIn(json, 'reasonPhrase', ''), 'reasonPhrase')}`
  }
  if (json.kind !== 'request') throw new MessageJsonError('kind is request or response')
  const method = textIn(json, 'method')
  if (!isToken(method)) throw new MessageJsonError(`method is a token, not ${JSON.stringify(method)}`)
  return `${method} ${oneLine(textIn(json, 'requestUri'), 'requestUri')} SIP/2.0`
}

function fieldLine(field: unknown, bodySize: number): string {
  if (!isObject(field)) throw new MessageJsonError('headers is a list of objects with name and value')
  const { name, value, raw } = field as Partial<FieldJson>
  if (typeof name !== 'string' || !isToken(name)) throw new MessageJsonError(`the name of a header field is a token, not ${JSON.stringify(name)}`)
  const isLength = /^(?:content-length|l)$/i.test(name)
  if (typeof raw === 'string' && !(isLength && Number(value) !== bodySize)) {
    // One field and no more: a line end only before a blank, and at the end.
    if (!/^[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n$/.test(raw)) throw new MessageJsonError(`raw of ${name} is more than one header field`)
    return raw
  }
  if (typeof value !== 'string') throw new MessageJsonError(`the value of ${name} is text`)
  return `${name}: ${isLength ? bodySize : oneLine(value, name)}\r\n`
}

function textIn(json: Record<string, unknown>, member: string, otherwise?: string): string {
  const value = json[member] ?? otherwise
  if (typeof value !== 'string') throw new MessageJsonError(`${member} is ${value === undefined ? 'missing' : 'text'}`)
  return value
}

function oneLine(text: string, member: string): string {
  // A line end would let a value write header fields of its own.
  if (/[\r\n]/.test(text)) throw new MessageJsonError(`${member} has a line end in it`)
  return text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import type { SipMessage } from '@offhook/sip-parser'
import { buildMessage } from './build-message.js'
import type { FieldJson, MessageJson } from './message-json.js'

/** A message as JSON that `buildMessage` turns into the same octets. */
export function describeMessage(message: SipMessage, octets: Uint8Array): MessageJson {
  const { from, to, via, cseq, callId } = message
  const start: Partial<MessageJson> = message.kind === 'request' ? { method: message.method, requestUri: requestUriIn(octets) } : { statusCode: message.statusCode, reasonPhrase: message.reasonPhrase }
  const shown: MessageJson & Readonly<Record<string, unknown>> = {
    event: 'message',
    kind: message.kind,
    ...start,
    from: { uri: from.uri.toString(), displayName: from.displayName, tag: from.tag },
    to: { uri: to.uri.toString(), displayName: to.displayName, tag: to.tag },
    callId,
    cseq: { sequence: cseq.sequence, method: cseq.method },
    via: { transport: via.transport, sentBy: via.sentBy, branch: via.branch },
    headers: fieldsOf(message, octets),
    ...describeBody(message.body),
    diagnostics: message.diagnostics,
  }
  // Bare line feeds, octets that are not UTF-8, more after the body: rarely more than a test message.
  return isSame(buildMessage(shown), octets) ? shown : { ...shown, octets: Buffer.from(octets).toString('base64') }
}

/** As it was written; a URI prints itself in its own way. */
function requestUriIn(octets: Uint8Array): string {
  const line = Buffer.from(octets.subarray(0, octets.indexOf(10))).toString('utf8').trim()
  return line.split(' ').slice(1, -1).join(' ')
}

function fieldsOf(message: SipMessage, octets: Uint8Array): readonly FieldJson[] {
  const head = Buffer.from(octets).toString('utf8').split(/\r?\n\r?\n/, 1).join('')
  // A line that starts with a blank belongs to the field above.
  const lines = `${head.replace(/^[\r\n]*[^\n]*\n/, '')}\r\n`.split(/(?<=\n)(?![ \t])/)
  return Array.from(message.headers, ([name, value], at): FieldJson => {
    const raw = lines[at] ?? ''
    return raw === `${name}: ${value}\r\n` || !raw.startsWith(name) ? { name, value } : { name, value, raw }
  })
}

/** The body as text where it is text, else in base64. */
function describeBody(body: Uint8Array): Pick<MessageJson, 'body' | 'bodyBase64'> {
  if (body.length === 0) return {}
  try {
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) }
  } catch {
    return { bodyBase64: Buffer.from(body).toString('base64') }
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0
}

import { parseMessage, type Diagnostic } from '../../src/index.js'
import { validateMessage } from '../../src/lint/index.js'
import { bytesOf } from '../samples.js'

const basic: Readonly<Record<string, string>> = {
  Via: 'SIP/2.0/UDP client.atlanta.example.com;branch=z9hG4bK74bf9',
  'Max-Forwards': '70',
  From: 'Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl',
  To: 'Bob <sip:bob@biloxi.example.com>',
  'Call-ID': '3848276298220188511@atlanta.example.com',
}

/** What a message needs beyond that, by its method; responses by `method status`. */
const needed: Readonly<Record<string, readonly string[]>> = {
  INVITE: ['Contact: <sip:alice@client.atlanta.example.com>', 'Supported: timer', 'Allow: INVITE'],
  SUBSCRIBE: ['Contact: <sip:alice@client.atlanta.example.com>', 'Event: presence'],
  NOTIFY: ['To: <sip:bob@biloxi.example.com>;tag=8321', 'Contact: <sip:alice@client.atlanta.example.com>', 'Event: presence', 'Subscription-State: active;expires=60'],
  REFER: ['Contact: <sip:alice@client.atlanta.example.com>', 'Refer-To: <sip:carol@chicago.example.com>'],
  UPDATE: ['To: <sip:bob@biloxi.example.com>;tag=8321', 'Contact: <sip:alice@client.atlanta.example.com>'],
  PRACK: ['To: <sip:bob@biloxi.example.com>;tag=8321', 'RAck: 1 1 INVITE'],
  OPTIONS: ['Accept: application/sdp', 'Supported: timer'],
  PUBLISH: ['Event: presence'],
  BYE: ['To: <sip:bob@biloxi.example.com>;tag=8321'],
  ACK: ['To: <sip:bob@biloxi.example.com>;tag=8321'],
  INFO: ['To: <sip:bob@biloxi.example.com>;tag=8321'],
}

/**
 * A message without fault but for the lines: `INVITE`, `REGISTER sip:example.com`, or for a response `INVITE 200`.
 * A line replaces the field of its name, more lines of one name are all written; `-Name` leaves the field out.
 */
export function sample(start: string, lines: readonly string[] = [], body = ''): string {
  const [method = '', rest = 'sip:bob@biloxi.example.com'] = start.split(' ')
  const response = /^\d{3}$/.test(rest)
  const fields = new Map<string, string[]>(Object.entries(basic).map(([name, value]) => [name, [`${name}: ${value}`]]))
  const put = (all: readonly string[]): void => {
    const own = new Map<string, string[]>()
    for (const line of all) {
      const name = /^-?([^:\s]*)/.exec(line)?.[1] ?? ''
      own.set(name, [...(own.get(name) ?? []), ...(line.startsWith('-') ? [] : [line])])
    }
    for (const [name, mine] of own) fields.set(name, mine)
  }
  fields.set('CSeq', [`CSeq: 1 ${method}`])
  if (response) put(['-Max-Forwards', 'To: Bob <sip:bob@biloxi.example.com>;tag=8321', ...(rest === '200' && method === 'INVITE' ? needed.INVITE ?? [] : [])])
  else put(needed[method] ?? [])
  put([`Content-Length: ${body.length}`])
  put(lines)
  return [response ? `SIP/2.0 ${rest} Reason` : `${method} ${rest} SIP/2.0`, ...Array.from(fields.values()).flat(), '', body].join('\r\n')
}

/** What the linter says about a text. */
export function linted(text: string): readonly Diagnostic[] {
  const bytes = bytesOf(text)
  const result = parseMessage(bytes)
  if (!result.ok) throw result.error
  return validateMessage(result.value, bytes)
}

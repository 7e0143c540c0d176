import { AbsoluteUri, contentType, SipUri, TelUri, type NameAddr, type Parameters, type SipMessage, type Uri } from '../../src/index.js'

type Pairs = readonly (readonly [name: string, value: string])[]
type Plain = Readonly<Record<string, unknown>>

/** Everything a message says but its body, in plain values. */
export interface Description extends Plain {
  /** Names of all header fields, as written, in order. */
  readonly names: readonly string[]
  /** Names and values of those that are not among the typed values. */
  readonly others: Pairs
}

const typed = new Set(['via', 'v', 'from', 'f', 'to', 't', 'call-id', 'i', 'cseq', 'max-forwards', 'contact', 'm', 'route', 'record-route'])

export function described(message: SipMessage): Description {
  const { kind, vias, from, to, callId, cseq, maxForwards, contacts, route, recordRoute, headers, body } = message
  const fields = [...headers]
  return {
    ...(kind === 'request' ? { method: message.method, requestUri: uriOf(message.requestUri) } : { statusCode: message.statusCode, reasonPhrase: message.reasonPhrase }),
    via: vias.map(({ transport, host, port, parameters }) => ({ transport, host, ...defined({ port, parameters: pairsOf(parameters) }) })),
    from: addressOf(from), to: addressOf(to), callId, cseq: [cseq.sequence, cseq.method],
    ...defined({
      maxForwards,
      contact: contacts === '*' ? contacts : listOf(contacts), route: listOf(route), recordRoute: listOf(recordRoute),
      contentType: headers.read(contentType)[0]?.essence,
    }),
    names: fields.map(([name]) => name),
    others: fields.filter(([name]) => !typed.has(name.toLowerCase())),
    bodyBytes: body.length,
  }
}

function listOf(values: readonly NameAddr[]): readonly Plain[] | undefined {
  return values.length === 0 ? undefined : values.map(addressOf)
}

function addressOf({ displayName, uri, parameters }: NameAddr): Plain {
  return { ...defined({ displayName }), uri: uriOf(uri), ...defined({ parameters: pairsOf(parameters) }) }
}

function uriOf(uri: Uri): Plain {
  if (uri instanceof SipUri) {
    const { scheme, user, password, host, port, parameters, headers } = uri
    return { scheme, host, ...defined({ user, password, port, parameters: pairsOf(parameters), headers }) }
  }
  if (uri instanceof TelUri) return { scheme: 'tel', opaque: uri.toString().slice(4) }
  return uri instanceof AbsoluteUri ? { scheme: uri.scheme, opaque: uri.opaque } : { scheme: '', opaque: String(uri) }
}

function pairsOf(parameters: Parameters): Pairs | undefined {
  return parameters.size === 0 ? undefined : [...parameters]
}

function defined(values: Plain): Plain {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

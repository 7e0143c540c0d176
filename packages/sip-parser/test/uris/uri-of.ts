import { parseUri, SipUri, TelUri, type Uri } from '../../src/index.js'

/** The URI in the text, which has one. */
export function uriOf(text: string): Uri {
  const result = parseUri(text)
  if (result.ok) return result.value
  throw result.error
}

export function sipUriOf(text: string): SipUri {
  const uri = uriOf(text)
  if (uri instanceof SipUri) return uri
  throw new TypeError(`${text} is no SIP URI`)
}

export function telUriOf(text: string): TelUri {
  const uri = uriOf(text)
  if (uri instanceof TelUri) return uri
  throw new TypeError(`${text} is no tel URI`)
}

import { SipUri, TelUri, escapeUser, parseUri } from '@offhook/sip-parser'
import type { Uri } from '@offhook/sip-parser'
import { SessionError } from '../errors.js'

/**
 * The URI that a person means: a URI as it stands, `bob@example.com`, a number such as `+1 555 0100`, or a name in our own domain.
 *
 * @throws {SessionError} `bad-target`
 */
export function targetUri(target: string | Uri, ourUri: SipUri): Uri {
  if (typeof target !== 'string') return target
  const text = target.trim()
  const number = text.replace(/[\s().-]/g, '')
  if (/^\+?[0-9*#]+$/.test(number) && /\d/.test(number)) return inDomain(number, ourUri, [['user', 'phone']])
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^@]*:\d+$/.test(text)) return readUri(text)
  if (text.includes('@')) return readUri(`${ourUri.scheme}:${text}`)
  if (text === '' || /\s/.test(text)) throw new SessionError('bad-target', `Nobody can be called by the name ${JSON.stringify(target)}.`)
  return inDomain(text, ourUri, [])
}

/** Where a request for the URI goes when there is no server: to its host, for a telephone number to our own domain. */
export function hopOf(uri: Uri, ourUri: SipUri): string {
  return uri instanceof SipUri ? String(uri) : `${ourUri.scheme}:${ourUri.hostPort}`
}

function inDomain(user: string, ourUri: SipUri, parameters: readonly (readonly [string, string])[]): SipUri {
  return SipUri.of({ scheme: ourUri.scheme, user: escapeUser(user), host: ourUri.host, port: ourUri.port, parameters })
}

function readUri(text: string): Uri {
  const parsed = parseUri(text)
  if (!parsed.ok) throw new SessionError('bad-target', `Not a URI that can be called: ${text}`, parsed.error)
  if (!(parsed.value instanceof SipUri) && !(parsed.value instanceof TelUri)) throw new SessionError('bad-target', `SIP does not call ${parsed.value.scheme}: URIs.`)
  return parsed.value
}

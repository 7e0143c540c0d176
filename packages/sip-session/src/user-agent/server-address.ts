import { SipUri, parseUri } from '@offhook/sip-parser'
import { bareHost } from '@offhook/sip-transport'
import type { Target } from '@offhook/sip-transport'
import { SessionError } from '../errors.js'

/** Where requests go first. */
export interface ServerAddress {
  /** A WebSocket server: everything goes there. */
  readonly target?: Target
  /** An outbound proxy: requests outside of dialogs go there first. */
  readonly nextHop?: string
  /** The proxy asked to stand in the route (`;lr`, RFC 3261 §8.1.2). */
  readonly route?: string
}

/** @throws {SessionError} `bad-server` */
export function serverAddress(text: string | undefined): ServerAddress {
  if (text === undefined) return {}
  const socket = /^(wss?):\/\/(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?([/?][^#]*)?$/i.exec(text)
  if (socket !== null) {
    const [, scheme = '', host = '', port, path = '/'] = socket
    const secure = scheme.toLowerCase() === 'wss'
    return {
      target: {
        transport: secure ? 'WSS' : 'WS', host: bareHost(host), port: port === undefined ? (secure ? 443 : 80) : Number(port), serverName: bareHost(host), path,
      },
    }
  }
  const parsed = parseUri(/^sips?:/i.test(text) ? text : `sip:${text}`)
  if (!parsed.ok || !(parsed.value instanceof SipUri)) {
    throw new SessionError('bad-server', `Not a server: ${text}. Write wss://host/path, or sip:host;transport=tcp.`)
  }
  const uri = String(parsed.value)
  return { nextHop: uri, ...(parsed.value.isLooseRouter && { route: `<${uri}>` }) }
}

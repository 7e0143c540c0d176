import type { Clock, RandomSource } from '@offhook/sip-machine'
import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { Blocklist, locateLiteral, orderServices } from '@offhook/sip-transport'
import type { BlocklistOptions, Locate, Target, Weighted } from '@offhook/sip-transport'
import { SessionError } from '../errors.js'
import { serverUri, webSocketTarget } from './server-address.js'
import type { ServerSource } from './server-address.js'

/** One server of a list. */
export interface ListedServer extends Partial<Weighted> {
  /** `wss://host/path`, `ws://…`, or `sip:host;transport=tcp` without `;lr`. */
  readonly uri: string
  /** Lower comes first; the place in the list unless told. Servers of one priority share the phones by their weights. */
  readonly priority?: number
  /** 1 unless told. */
  readonly weight?: number
}

/** What {@link serverList} may be told. Times in ms. */
export interface ServerListOptions extends Omit<BlocklistOptions, 'random'> {
  readonly clock?: Clock
  readonly random?: RandomSource
  /** How to find the hosts of SIP URIs; taken at their word when absent. */
  readonly locate?: Locate
}

/** Servers for the `server` of a user agent; made by {@link serverList}. */
export interface ServerList extends ServerSource {
  readonly failed: NonNullable<Locate['failed']>
}

/**
 * Several servers, of which a user agent uses one at a time: what RFC 3263 does with DNS, for browsers and others that have none.
 *
 * Chance orders those of one priority once, by their weights (RFC 2782), so that each phone has a server of its own. One that cannot be
 * reached, does not answer or answers 503 is left for the next (RFC 3263 §4.3), and avoided for a time that doubles, half of it by
 * chance; then the preferred one is used again, from the next request outside of a dialog on. Calls stay where they are.
 *
 * @example
 * new UserAgent({ identity: 'sip:alice@example.com', server: serverList(['wss://one.example.com', 'wss://two.example.com']) })
 *
 * @throws {SessionError} `bad-server` for an empty list, for what is no server, for a mixture of WebSocket URLs and SIP URIs, and
 *   for `;lr`: a route would name a server that the request does not go to.
 */
export function serverList(servers: readonly (string | ListedServer)[], options: ServerListOptions = {}): ServerList {
  const { clock = hostClock, random = hostRandom, locate = locateLiteral } = options
  const listed = servers.map((server, index) => read(typeof server === 'string' ? { uri: server } : server, index, locate))
  const blocklist = new Blocklist({ ...options, random })
  const ordered = orderServices(listed, random)
  const [first] = ordered
  if (first === undefined) throw new SessionError('bad-server', 'The list of servers is empty.')
  if (listed.some(({ nextHop }) => (nextHop === undefined) !== (first.nextHop === undefined))) {
    throw new SessionError('bad-server', 'WebSocket URLs and SIP URIs do not go into one list of servers.')
  }
  return {
    async targets() {
      const found = await Promise.allSettled(ordered.map((server) => server.targets()))
      const targets = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
      const [result] = found
      if (targets.length === 0 && result?.status === 'rejected') throw result.reason
      return blocklist.order(targets, clock.now())
    },
    failed(target, retryAfter) {
      blocklist.add(target, clock.now(), retryAfter)
      locate.failed?.(target, retryAfter)
    },
    ...(first.nextHop !== undefined && { nextHop: first.nextHop }),
  }
}

interface Listed extends Weighted {
  readonly nextHop?: string
  targets(): Promise<readonly Target[]>
}

function read({ uri: text, priority, weight = 1 }: ListedServer, index: number, locate: Locate): Listed {
  const order: Weighted = { priority: priority ?? index, weight }
  if (![order.priority, weight].every((number) => Number.isInteger(number) && number >= 0 && number <= 65_535)) {
    throw new SessionError('bad-server', `The priority and the weight of ${text} are whole numbers from 0 to 65,535.`)
  }
  const target = webSocketTarget(text)
  if (target !== undefined) return { ...order, targets: () => Promise.resolve([target]) }
  const uri = serverUri(text)
  if (uri.isLooseRouter) throw new SessionError('bad-server', `In a list of servers write ${text} without ;lr.`)
  return { ...order, nextHop: String(uri), targets: () => locate(uri) }
}

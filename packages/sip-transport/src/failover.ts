import type { Clock } from '@offhook/sip-machine'
import { Blocklist } from './blocklist.js'
import type { BlocklistOptions } from './blocklist.js'
import type { Locate } from './locate.js'

/** What {@link withFailover} takes: how long failed targets are avoided, and whose time that is. */
export interface FailoverOptions extends BlocklistOptions {
  readonly clock: Clock
}

/**
 * A `locate` that remembers which targets failed, puts them last while they are to be avoided, and gives them back their
 * place afterwards (RFC 3263 §4.3). Whoever shares it shares what it learnt.
 *
 * @example
 * const locate = withFailover(locateLiteral, { clock: hostClock, random: hostRandom })
 */
export function withFailover(locate: Locate, options: FailoverOptions): Locate {
  const { clock } = options
  const blocklist = new Blocklist(options)
  const located: Locate = async (uri) => blocklist.order(await locate(uri), clock.now())
  return Object.assign(located, {
    failed: (...[target, retryAfter]: Parameters<NonNullable<Locate['failed']>>) => {
      blocklist.add(target, clock.now(), retryAfter)
      locate.failed?.(target, retryAfter)
    },
  })
}

import { randomBytes } from 'node:crypto'
import { DigestServer } from '@offhook/sip-auth'
import { hostRandom } from '@offhook/sip-machine/host'
import type { Extension } from '@offhook/sip-session'
import { UsageError } from '../command-line/usage-error.js'

/**
 * Lets nobody in who does not know the password: every request but ACK and CANCEL is challenged (RFC 3261 §22.1).
 *
 * @param login `name:password`
 * @throws {@link UsageError}
 */
export function digestGuard(login: string, now: () => number): Extension {
  const colon = login.indexOf(':')
  if (colon < 1) throw new UsageError(`--require-auth takes name:password, not "${login}"`)
  const [name, password] = [login.slice(0, colon), login.slice(colon + 1)]
  const server = new DigestServer({
    realm: 'offhook', secret: randomBytes(32), random: hostRandom,
    passwords: (username) => (username === name ? password : undefined),
  })
  return {
    refuse(request) {
      const verdict = server.verify(now(), request)
      if (verdict instanceof Promise) return { statusCode: 500 }
      if (verdict.ok) return undefined
      return verdict.statusCode === 401 ? { statusCode: 401, headers: server.challenge(now(), { stale: verdict.stale }) } : { statusCode: verdict.statusCode }
    },
  }
}

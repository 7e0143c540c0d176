import { addressOfRecord, escapeUser, SipUri } from '@offhook/sip-parser'
import type { Uri } from '@offhook/sip-parser'
import { canonicalHost, hostText } from '@offhook/sip-transport'
import { ServerError } from './server-error.js'

/**
 * The domains that the server is responsible for: one name space of users, whichever of the names a caller used.
 * `'*'` stands for every host: a server that knows only its own users and relays to nobody.
 */
export class Domains {
  /** The host part of every address-of-record: the first domain, `localhost` for `'*'`. */
  readonly canonical: string
  readonly #hosts: Set<string> | undefined

  /** @throws {ServerError} `bad-domain` for an empty list or name */
  constructor(domains: readonly string[] | '*') {
    const names = domains === '*' ? ['localhost'] : domains
    const [first] = names
    if (first === undefined || names.includes('')) throw new ServerError('bad-domain', 'domains must name at least one domain and no empty one')
    this.canonical = hostText(canonicalHost(first))
    this.#hosts = domains === '*' ? undefined : new Set(domains.map(canonicalHost))
  }

  /** Whether every host counts as this server's. */
  get all(): boolean {
    return this.#hosts === undefined
  }

  /** Another name of the same domain, such as the address that a listener is bound to. */
  addAlias(host: string): void {
    this.#hosts?.add(canonicalHost(host))
  }

  has(host: string): boolean {
    return this.#hosts === undefined || this.#hosts.has(canonicalHost(host))
  }

  /** Where the URI leads, when that is not here; a URI with `maddr` is to go there, whatever its host (RFC 3261 §16.5). */
  foreignHopOf(uri: SipUri): SipUri | undefined {
    const maddr = uri.parameters.get('maddr')
    if (maddr !== undefined && !this.has(maddr)) return uri.with({ host: maddr, parameters: uri.parameters.without('maddr') })
    return this.has(uri.host) ? undefined : uri
  }

  /**
   * The index into the location service: no parameters, no port, escapes undone (RFC 3261 §10.3, 5).
   * `undefined` when the URI names no user of these domains.
   */
  addressOfRecord(uri: Uri): string | undefined {
    if (!isSipUri(uri) || uri.user === undefined || !this.has(uri.host)) return undefined
    return addressOfRecord(SipUri.of({ user: uri.user, host: this.canonical }))
  }

  /** The address-of-record of a user by name, escaped as URIs want it. */
  addressOfUser(username: string): string | undefined {
    return username === '' ? undefined : addressOfRecord(SipUri.of({ user: escapeUser(username), host: this.canonical }))
  }
}

/** Narrows to SIP and SIPS, the two schemes that this server routes. */
export function isSipUri(uri: Uri): uri is SipUri {
  return uri.scheme === 'sip' || uri.scheme === 'sips'
}

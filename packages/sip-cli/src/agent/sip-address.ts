import { addressOfRecord, parseUri, SipUri } from '@offhook/sip-parser'
import { UsageError } from '../command-line/usage-error.js'

/** Reads a SIP or SIPS address that a person typed; `bob@example.com` gets its scheme. @throws {@link UsageError} naming `what` */
export function parseSipAddress(text: string, what: string): SipUri {
  const result = parseUri(/^[a-z][a-z\d+.-]*:/i.test(text) && !/^[^@:]+:\d+$/.test(text) ? text : `sip:${text}`)
  if (!result.ok) throw new UsageError(`${what}: "${text}" is not a SIP address (${result.error.message}); it looks like sip:bob@example.com`)
  if (result.value instanceof SipUri) return result.value
  throw new UsageError(`${what}: "${text}" is no sip: or sips: address`)
}

/** The address of record that `--user` means: a whole address, or a name in the domain of `target`. @throws {@link UsageError} */
export function identityOf(user: string | undefined, target: SipUri): string {
  if (user?.includes('@') === true) return addressOfRecord(parseSipAddress(user, '--user'))
  const identity = `sip:${user ?? 'offhook'}@${target.host}`
  if (parseUri(identity).ok) return identity
  throw new UsageError(`--user: "${user ?? ''}" cannot be the user of a SIP address`)
}

/** The host that the first request goes to. */
export function firstHop(route: string | undefined, target: SipUri): string {
  if (route === undefined) return bare(target.host)
  const [, host] = /^(?:wss?:\/\/|sips?:)?(?:[^@/]*@)?(\[[^\]]+\]|[^:;/?]+)/i.exec(route) ?? []
  return bare(host ?? target.host)
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

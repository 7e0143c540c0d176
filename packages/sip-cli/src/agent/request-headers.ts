import type { ExtraHeaders } from '@offhook/sip-session'
import type { Arguments, OptionTable } from '../command-line/arguments.js'
import { UsageError } from '../command-line/usage-error.js'

/** Options that write header fields into the INVITE. */
export const headerOptions: OptionTable = {
  header: { value: '<name: value>', repeatable: true, text: 'add a header field to the INVITE' },
  replaces: { value: '<call-id;to-tag=…;from-tag=…>', text: 'ask to take the place of that call (RFC 3891)' },
  realm: { value: '<realm>', text: 'answer challenges of this realm only' },
  'preemptive-auth': { text: 'send credentials before they are asked for, without a nonce; needs --user and --realm' },
}

/** The header fields that the options ask for. @param target the Request-URI @throws {@link UsageError} */
export function headersOf(args: Arguments, target: string): ExtraHeaders {
  const headers: Record<string, string[]> = {}
  for (const text of args.texts('header')) {
    const [, name, value] = /^\s*([\w\-.!%*+`'~]+)\s*:\s*(.*?)\s*$/.exec(text) ?? []
    if (name === undefined || value === undefined) throw new UsageError(`--header takes "Name: value", not "${text}"`)
    headers[name] = [...(headers[name] ?? []), value]
  }
  const replaces = args.text('replaces')
  if (replaces !== undefined && !/^[^;\s]+;.*\bto-tag=.+/.test(replaces)) throw new UsageError(`--replaces takes call-id;to-tag=…;from-tag=…, not "${replaces}"`)
  return { ...headers, ...(replaces === undefined ? {} : { Replaces: replaces, Require: 'replaces' }), ...preemptive(args, target) }
}

/** Credentials without a challenge, as mobile networks expect them (3GPP TS 24.229 §5.1.1.2): the name and the realm, and nothing else. */
function preemptive(args: Arguments, target: string): ExtraHeaders {
  if (!args.flag('preemptive-auth')) return {}
  const [user, realm] = [args.text('user')?.split('@')[0]?.replace(/^sips?:/, ''), args.text('realm')]
  if (user === undefined || realm === undefined || /["\\]/.test(user + realm)) throw new UsageError('--preemptive-auth needs --user and --realm')
  return { Authorization: `Digest username="${user}", realm="${realm}", nonce="", uri="${target}", response=""` }
}

import type { Call, CallEnd } from '@offhook/sip-session'
import type { EventFields } from '../command-line/report.js'

/** The far end as text: its address, after its name when it has one. */
export function nameOf({ remote }: Call): string {
  const uri = remote.uri.toString()
  return remote.displayName === undefined || remote.displayName === '' ? uri : `${remote.displayName} <${uri}>`
}

/** How a call that was answered ended, as a sentence. */
export function sentenceOf({ by, cause, reason }: CallEnd): string {
  if (cause === 'hung-up') return by === 'local' ? 'We hung up' : 'The other side hung up'
  return `The call ended: ${reason}`
}

/** The fields of an `ended` event. */
export function describeEnd({ by, cause, status, reason }: CallEnd): EventFields {
  return { by, cause, status, reason }
}

import type { Call, CallEnd } from '@offhook/sip-session'
import type { EventFields } from '../command-line/report.js'

/** The far end as text: its address, after its name when it has one. */
export function nameOf({ remote }: Call): string {
  const uri = remote.uri.toString()
  return remote.displayName === undefined || remote.displayName === '' ? uri : `${remote.displayName} <${uri}>`
}

/** The fields of an `ended` event. */
export function describeEnd({ by, cause, status, reason }: CallEnd): EventFields {
  return { by, cause, status, reason }
}

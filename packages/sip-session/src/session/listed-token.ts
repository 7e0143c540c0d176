import type { SipRequest, SipResponse } from '@offhook/sip-parser'

/** Whether a field that lists option tags or methods names this one. */
export function listsToken({ headers }: SipRequest | SipResponse, name: string, token: string): boolean {
  return headers.has(name) && headers.getAll(name).join().split(',').some((listed) => listed.trim().toLowerCase() === token)
}

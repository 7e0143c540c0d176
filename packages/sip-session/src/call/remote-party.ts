import type { NameAddr, Uri } from '@offhook/sip-parser'

/** The far end. */
export interface RemoteParty {
  readonly uri: Uri
  readonly displayName: string | undefined
  /** Who it is according to a network that we trust (RFC 3325); there is nobody to say so without the extension `assertedIdentity()`. */
  readonly asserted?: readonly NameAddr[]
}

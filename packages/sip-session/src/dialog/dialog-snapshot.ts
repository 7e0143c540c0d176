/** A dialog's state as JSON (RFC 3261 §12). `version` tells the shape. */
export interface DialogSnapshot {
  readonly version: 1
  readonly state: 'early' | 'confirmed' | 'terminated'
  /** Who sent the INVITE that made the dialog. */
  readonly role: 'uac' | 'uas'
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** From value of our requests, with its tag. */
  readonly localAddress: string
  /** To value of our requests, with its tag. */
  readonly remoteAddress: string
  readonly localSequence: number
  readonly remoteSequence?: number
  readonly remoteTarget: string
  readonly routeSet: readonly string[]
  readonly secure: boolean
}

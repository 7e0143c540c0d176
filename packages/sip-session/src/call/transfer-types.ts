import type { ExtraHeaders } from '../session/session.js'
import type { OperationOptions } from './call-types.js'

/** What the peer last said of the call that it was asked to make. */
export interface TransferProgress {
  /** Status of the target's last response, 100 before there is one. */
  readonly status: number
  readonly reason: string
}

/** How a transfer ended. That the peer took the REFER (202) is not an end (RFC 3515 §2.4.4). */
export type TransferOutcome =
  /** The target has taken the call. */
  | { readonly ok: true; readonly status: number; readonly reason: string }
  | {
      readonly ok: false
      /**
       * `refused`: the peer does not transfer; `failed`: the target did not take the call, or was lost before it was asked;
       * `unreported`: the peer agreed and never said what came of it; `ended`: the call was over; `aborted` by the signal.
       */
      readonly code: 'refused' | 'failed' | 'unreported' | 'ended' | 'aborted'
      /** What the peer, or through it the target, answered. */
      readonly status?: number
      readonly reason: string
    }

/** The events of a transfer and what their listeners get. */
export interface TransferEvents {
  /** The peer has agreed; it is about to call the target. */
  accepted: []
  progress: [progress: TransferProgress]
}

/** A transfer under way. */
export interface Transfer {
  /** Never rejects. */
  readonly outcome: Promise<TransferOutcome>
  /** `undefined` until the peer has reported anything. */
  readonly progress: TransferProgress | undefined
  /** Listens to an event; the function returned stops listening. */
  on<Name extends keyof TransferEvents>(event: Name, listener: (...values: TransferEvents[Name]) => void): () => void
}

/** What may be told to a transfer. */
export interface TransferOptions extends OperationOptions {
  /** For the REFER. */
  readonly headers?: ExtraHeaders
  /** When our call with the peer is ended: once the target has taken the new call (default), once the peer agreed, or never by us. */
  readonly hangUp?: 'succeeded' | 'accepted' | 'never'
  /**
   * How the peer reports: by the subscription of every REFER (default); not at all if it can do so (RFC 4488), or must
   * (RFC 7614 §5); or at an address that it names and that we subscribe to (RFC 7614 §4).
   */
  readonly report?: 'implicit' | 'unwanted' | 'none' | 'explicit'
  /** Where the peer finds the target of an attended transfer, instead of its Contact: its address of record, where that is not routable (RFC 5589 §7.5). */
  readonly referTo?: string
}

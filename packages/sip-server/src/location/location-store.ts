import type { MaybePromise } from '../maybe-promise.js'
import type { Binding } from './binding.js'

/**
 * Where bindings are kept, by address-of-record. Answers may come at once or later.
 *
 * Expired bindings may be handed out: the server looks at their time, and takes them out when it comes.
 */
export interface LocationStore {
  bindings(addressOfRecord: string): MaybePromise<readonly Binding[]>
  /**
   * Replaces the bindings by what `change` makes of them, as one step that no other update interleaves (RFC 3261 §10.3).
   * `change` may answer `undefined`: then nothing is written. Resolves to false when the store has no room for another address.
   */
  update(addressOfRecord: string, change: (current: readonly Binding[]) => readonly Binding[] | undefined): MaybePromise<boolean>
  /** Whether the address has ever had a binding: tells "offline" from "unknown" where nobody keeps a list of users. */
  knows(addressOfRecord: string): MaybePromise<boolean>
}

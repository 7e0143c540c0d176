/** What a reader of the peer's bytes returns: the value, or the reason why there is none. Never a throw. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

/** What a header field says, `undefined` when it is not there or the peer wrote something that cannot be read. */
export function legible<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

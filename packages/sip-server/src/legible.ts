import { ParseError } from '@offhook/sip-parser'

/** What a header field says, `undefined` when it is not there or cannot be read. */
export function legible<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

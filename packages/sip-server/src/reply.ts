/** What this server answers by itself: a response without the fields that are copied from the request (RFC 3261 §8.2.6). */
export interface Reply {
  readonly statusCode: number
  /** The RFC's phrase when absent. */
  readonly reasonPhrase?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

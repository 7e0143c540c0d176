/** One header field. */
export interface FieldJson {
  readonly name: string
  /** On one line, as text. */
  readonly value: string
  /** The field with its line end, where it does not read `name: value` and CRLF. */
  readonly raw?: string
}

/**
 * A message as `offhook parse` prints it and `offhook build` takes it. These members are enough to write the same octets again;
 * what else `parse` prints (from, to, via …) is there to be read, and `build` passes it over.
 */
export interface MessageJson {
  readonly kind: 'request' | 'response'
  readonly method?: string
  /** As in the start line. */
  readonly requestUri?: string
  readonly statusCode?: number
  readonly reasonPhrase?: string
  /** In order. A Content-Length that is there is written with the size of the body; one that is not is not added. */
  readonly headers: readonly FieldJson[]
  readonly body?: string
  /** A body that is no UTF-8 text, in base64. */
  readonly bodyBase64?: string
  /** The whole message in base64, where what stands above cannot give it again: then it is what counts. */
  readonly octets?: string
}

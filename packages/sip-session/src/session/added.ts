import type { HeaderValue } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'

/** What is added to a message: a description takes part in offer and answer, a body does not. */
export interface Added {
  readonly headers?: Iterable<readonly [string, HeaderValue]>
  readonly description?: Description
  readonly body?: Uint8Array | string
  readonly contentType?: string
}

/** The parts of a message to build. */
export interface Content {
  readonly headers?: Iterable<readonly [string, HeaderValue]>
  readonly body?: Uint8Array | string
  readonly contentType?: string
}

/** The description, or else the body, as the content of a message. */
export function contentOf(added: Added): Content {
  const { headers, description } = added
  const body = description?.body ?? added.body
  const contentType = description?.contentType ?? added.contentType
  return { ...(headers && { headers }), ...(body !== undefined && { body }), ...(contentType !== undefined && { contentType }) }
}

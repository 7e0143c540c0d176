import type { DialogRequest } from '../dialog/dialog.js'
import type { Description } from '../session-description-handler.js'

/** What is added to a message: a description takes part in offer and answer, a body does not. */
export interface Added extends DialogRequest {
  readonly description?: Description | undefined
}

/** The description, or else the body, as the content of a message. */
export function contentOf({ headers, description, body, contentType }: Added): DialogRequest {
  return description === undefined ? { headers, body, contentType } : { headers, body: description.body, contentType: description.contentType }
}

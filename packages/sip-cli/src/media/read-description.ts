import { parseSessionDescription } from '@offhook/sip-sdp'
import type { SessionDescription } from '@offhook/sip-sdp'
import type { Description } from '@offhook/sip-session'
import { MediaError } from './media-error.js'

/** Parses a description of the peer. @throws {@link MediaError} with the status to refuse it with */
export function readDescription(description: Description): SessionDescription {
  if (!/^application\/sdp\b/i.test(description.contentType)) {
    throw new MediaError('unsupported-type', `Bodies of type ${description.contentType} are not understood`, 415)
  }
  const result = parseSessionDescription(description.body)
  if (!result.ok) throw new MediaError(result.error.code, result.error.message, result.error.statusCode, result.error)
  return result.value
}

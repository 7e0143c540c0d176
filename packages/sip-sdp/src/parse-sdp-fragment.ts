import type { SdpLimits } from './limits.js'
import { OpenFragment } from './open-section.js'
import { attempt, readSections } from './read-sections.js'
import type { Result } from './result.js'
import type { SdpError } from './sdp-error.js'
import type { SdpFragment } from './sdp-fragment.js'

/**
 * Reads a fragment (RFC 8840 §9.2). Never throws on what a peer sent, and keeps what it does not understand, as `parseSessionDescription` does.
 * @param limits bounds that differ from `DEFAULT_SDP_LIMITS`
 */
export function parseSdpFragment(input: string | Uint8Array, limits?: Partial<SdpLimits>): Result<SdpFragment, SdpError> {
  return attempt(input, limits, (reader, bounds) => {
    const fragment = new OpenFragment()
    return fragment.close(readSections(fragment, reader, reader.next(), bounds))
  })
}

import { Page, writeAttributes, writeConnection, writeSection, writeStreams } from './section-writer.js'
import type { SdpFragment } from './sdp-fragment.js'

/**
 * Prints a fragment (RFC 8840 §9.2), every line with CRLF.
 * @throws SdpError `invalid-value` as `serializeSessionDescription` does
 */
export function serializeSdpFragment(fragment: SdpFragment): string {
  const page = new Page()
  writeSection(page, fragment, (to, section) => {
    writeConnection(to, section)
    writeAttributes(to, section)
  })
  writeStreams(page, fragment.media)
  return page.checked()
}

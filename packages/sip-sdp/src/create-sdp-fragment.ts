import { midOf } from './section.js'
import type { SdpFragment } from './sdp-fragment.js'
import type { Attribute, SessionDescription } from './session-description.js'

/** What a fragment says of the session, and of a stream (RFC 8840 §9.2). */
const OF_SESSION: ReadonlySet<string> = new Set(['ice-lite', 'ice-pwd', 'ice-ufrag', 'ice-options', 'ice-pacing', 'end-of-candidates'])
const OF_STREAM: ReadonlySet<string> = new Set(['ice-pwd', 'ice-ufrag', 'candidate', 'remote-candidates', 'end-of-candidates', 'rtcp', 'rtcp-mux', 'rtcp-mux-only'])

/**
 * The fragment that tells a peer all candidates of our description: those it has been told before among them, in their order,
 * as every fragment must (RFC 8840 §4.4). Credentials stand where the description has them. A stream without an `a=mid` has no place in it.
 */
export function createSdpFragment(local: SessionDescription): SdpFragment {
  return {
    attributes: local.attributes.filter(({ name, value }) => OF_SESSION.has(name) || (name === 'group' && value?.startsWith('BUNDLE') === true)),
    media: local.media.flatMap((media) => {
      const mid = midOf(media)
      if (mid === undefined) return []
      // The name comes right before what belongs to it.
      const attributes: Attribute[] = [{ name: 'mid', value: mid }, ...media.attributes.filter(({ name }) => OF_STREAM.has(name))]
      return [{ kind: media.kind, port: media.port, portCount: media.portCount, protocol: media.protocol, formats: media.formats, attributes }]
    }),
  }
}

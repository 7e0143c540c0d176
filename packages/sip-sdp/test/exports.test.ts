import { expect, it } from 'vitest'
import * as sdp from '../src/index.js'

it('exports these values and no others', () => {
  expect(Object.keys(sdp).sort()).toEqual([
    'DEFAULT_SDP_LIMITS', 'SdpError', 'answerOffer', 'attributeOf', 'attributesOf', 'codecsOf', 'connectionOf', 'createOffer', 'directionOf', 'fingerprintOf', 'groupsOf', 'holdOffer',
    'icePartsOf', 'intersectDirections', 'isAuxiliary', 'isSameCodec', 'isSameDescription', 'midOf', 'negotiatedStreams', 'nextVersion', 'parseIceCandidate', 'parseSessionDescription',
    'ptimeOf', 'receives', 'resumeOffer', 'reverseDirection', 'rtcpMux', 'sends', 'serializeIceCandidate', 'serializeSessionDescription', 'setupOf', 'withDirection',
  ])
})

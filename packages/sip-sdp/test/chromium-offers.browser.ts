import { describe, expect, it } from 'vitest'
import { attributeFields, readAttribute, readAttributes, rid, simulcast, writeAttribute } from '../src/attributes/index.js'
import { createSdpFragment, parseSdpFragment, parseSessionDescription, serializeSdpFragment, serializeSessionDescription, type SessionDescription, TrickledCandidates } from '../src/index.js'

function read(text: string): SessionDescription {
  const result = parseSessionDescription(text)
  if (!result.ok) throw result.error
  return result.value
}

/** What offers are made of: name and what is put into the connection. */
const makings: readonly (readonly [name: string, make: (connection: RTCPeerConnection) => void])[] = [
  ['audio', (connection) => void connection.addTransceiver('audio')],
  ['audio and video', (connection) => {
    connection.addTransceiver('audio')
    connection.addTransceiver('video')
  }],
  ['one way', (connection) => {
    connection.addTransceiver('audio', { direction: 'recvonly' })
    connection.addTransceiver('video', { direction: 'sendonly' })
  }],
  ['a data channel', (connection) => void connection.createDataChannel('x')],
  ['simulcast', (connection) => void connection.addTransceiver('video', { sendEncodings: [{ rid: 'hi' }, { rid: 'lo', scaleResolutionDownBy: 4 }] })],
  ['nine streams', (connection) => {
    for (let index = 0; index < 4; index += 1) {
      connection.addTransceiver('audio')
      connection.addTransceiver('video')
    }
    connection.createDataChannel('x')
  }],
]

/** The local description once all candidates are in it. */
async function gathered(connection: RTCPeerConnection): Promise<string> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (connection.iceGatheringState === 'complete') resolve()
    }
    connection.addEventListener('icegatheringstatechange', look)
    look()
  })
  return connection.localDescription?.sdp ?? ''
}

async function offerOf(connection: RTCPeerConnection): Promise<string> {
  await connection.setLocalDescription()
  return gathered(connection)
}

describe.each(makings)('an offer of this browser: %s', (_, make) => {
  it('is written back byte for byte, every typed attribute with it, and the browser takes what we write', async () => {
    const [connection, other] = [new RTCPeerConnection(), new RTCPeerConnection()]
    try {
      make(connection)
      const text = await offerOf(connection)
      const description = read(text)
      expect(serializeSessionDescription(description)).toBe(text)
      const fields = new Map(attributeFields.map((field) => [field.name, field]))
      const rewritten = description.media.map((media) => ({
        ...media,
        attributes: media.attributes.map((attribute) => {
          const field = fields.get(attribute.name)
          const value = field?.read(attribute.value ?? '')
          return field === undefined || value === undefined ? attribute : writeAttribute(field, value)
        }),
      }))
      // Everything through its type and back: the browser sees no difference either.
      const again = serializeSessionDescription({ ...description, media: rewritten })
      expect(again).toBe(text)
      await other.setRemoteDescription({ type: 'offer', sdp: again })
      await other.setLocalDescription()
      const answer = other.localDescription?.sdp ?? ''
      await connection.setRemoteDescription({ type: 'answer', sdp: serializeSessionDescription(read(answer)) })
      expect(connection.signalingState).toBe('stable')
    } finally {
      connection.close()
      other.close()
    }
  })
})

describe('simulcast of this browser', () => {
  it('has its encodings typed', async () => {
    const connection = new RTCPeerConnection()
    try {
      connection.addTransceiver('video', { sendEncodings: [{ rid: 'hi' }, { rid: 'lo' }] })
      const [media] = read(await offerOf(connection)).media
      if (media === undefined) throw new RangeError('no stream')
      expect(readAttributes(media, rid).map(({ id, direction }) => `${id} ${direction}`)).toEqual(['hi send', 'lo send'])
      expect(readAttribute(media, simulcast)?.send).toEqual([[{ rid: 'hi', paused: false }], [{ rid: 'lo', paused: false }]])
    } finally {
      connection.close()
    }
  })
})

describe('RFC 8840 between two of this browser', () => {
  it('candidates that come in fragments alone connect', async () => {
    const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()]
    try {
      const channel = one.createDataChannel('x')
      const offer = await one.createOffer()
      await one.setLocalDescription(offer)
      await other.setRemoteDescription(offer)
      const answer = await other.createAnswer()
      await other.setLocalDescription(answer)
      await one.setRemoteDescription(answer)
      const trickle = async (from: RTCPeerConnection, first: string, to: RTCPeerConnection): Promise<void> => {
        const text = serializeSdpFragment(createSdpFragment(read(await gathered(from))))
        const fragment = parseSdpFragment(text)
        if (!fragment.ok) throw fragment.error
        for (const { mid, ufrag, candidates } of new TrickledCandidates(read(first)).take(fragment.value)) {
          for (const candidate of candidates) await to.addIceCandidate({ candidate: `candidate:${candidate}`, sdpMid: mid, usernameFragment: ufrag })
        }
      }
      await trickle(one, offer.sdp ?? '', other)
      await trickle(other, answer.sdp ?? '', one)
      await expect.poll(() => channel.readyState, { timeout: 5_000 }).toBe('open')
    } finally {
      one.close()
      other.close()
    }
  })
})

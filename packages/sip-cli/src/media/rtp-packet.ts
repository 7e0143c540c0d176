/** What an RTP packet says of itself (RFC 3550 §5.1). */
export interface RtpHeader {
  readonly payloadType: number
  readonly marker: boolean
  readonly sequence: number
  readonly timestamp: number
  /** Where the payload starts and ends, in bytes: after CSRCs and extension, before padding. */
  readonly payloadStart: number
  readonly payloadEnd: number
}

/** Reads the header of an RTP packet; `undefined` for RTCP (RFC 5761 §4), STUN, and what is cut short. */
export function parseRtp(packet: Uint8Array): RtpHeader | undefined {
  if (packet.length < 12) return undefined
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  const first = view.getUint8(0)
  const second = view.getUint8(1)
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined
  let payloadStart = 12 + (first & 0x0f) * 4
  if ((first & 0x10) !== 0) {
    if (packet.length < payloadStart + 4) return undefined
    payloadStart += 4 + view.getUint16(payloadStart + 2) * 4
  }
  const padding = (first & 0x20) === 0 ? 0 : view.getUint8(packet.length - 1)
  const payloadEnd = packet.length - padding
  if (payloadEnd < payloadStart) return undefined
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    payloadStart,
    payloadEnd,
  }
}

/** What to put into the header of a packet. */
export interface RtpFields {
  readonly payloadType: number
  readonly marker?: boolean
  readonly sequence: number
  readonly timestamp: number
  readonly ssrc: number
}

/** A new packet without CSRCs, extension or padding. */
export function serializeRtp(fields: RtpFields, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(12 + payload.length)
  const view = new DataView(packet.buffer)
  view.setUint8(0, 0x80)
  view.setUint8(1, fields.payloadType | (fields.marker === true ? 0x80 : 0))
  view.setUint16(2, fields.sequence & 0xffff)
  view.setUint32(4, fields.timestamp >>> 0)
  view.setUint32(8, fields.ssrc >>> 0)
  packet.set(payload, 12)
  return packet
}

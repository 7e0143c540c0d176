import type { Connection } from '../session-description.js'
import { type AttributeField, flag, numberField } from './attribute-field.js'
import { wholeNumber, wordsOf } from './words.js'

/** Where RTCP goes when it is not the port above RTP's: `a=rtcp`. */
export interface RtcpAddress {
  /** 0 to 65535. */
  readonly port: number
  /** When it is not the stream's. */
  readonly connection?: Connection | undefined
}

/** `a=rtcp`: the port, and perhaps the address, of RTCP (RFC 3605 §2.1). */
export const rtcp: AttributeField<RtcpAddress> = {
  name: 'rtcp', section: 'RFC 3605 §2.1',
  read: (value) => {
    const [port, networkType, addressType, address, more] = wordsOf(value)
    const number = wholeNumber(port, 65_535)
    if (number === undefined || more !== undefined) return undefined
    if (networkType === undefined) return { port: number }
    return addressType === undefined || address === undefined ? undefined : { port: number, connection: { networkType, addressType, address } }
  },
  write: ({ port, connection }) => (connection === undefined ? String(port) : `${port} ${connection.networkType} ${connection.addressType} ${connection.address}`),
}

/** `a=rtcp-mux`: RTP and RTCP may share a port (RFC 5761 §5.1.1). */
export const rtcpMux: AttributeField<true> = flag('rtcp-mux', 'RFC 5761 §5.1.1')

/** `a=rtcp-mux-only`: RTP and RTCP must share a port (RFC 8858 §3). */
export const rtcpMuxOnly: AttributeField<true> = flag('rtcp-mux-only', 'RFC 8858 §3')

/** `a=rtcp-rsize`: RTCP may be of reduced size (RFC 5506 §5). */
export const rtcpRsize: AttributeField<true> = flag('rtcp-rsize', 'RFC 5506 §5')

/** `a=bundle-only`: the stream stands only within its BUNDLE group, though its port is 0 (RFC 9143 §6). */
export const bundleOnly: AttributeField<true> = flag('bundle-only', 'RFC 9143 §6')

/** `a=extmap-allow-mixed`: header extensions of one and of two octets may come mixed (RFC 8285 §6). */
export const extmapAllowMixed: AttributeField<true> = flag('extmap-allow-mixed', 'RFC 8285 §6')

/** `a=ptime`: milliseconds of media in a packet (RFC 8866 §6.4). */
export const ptime: AttributeField<number> = decimalField('ptime', 'RFC 8866 §6.4')

/** `a=maxptime`: milliseconds of media that a packet may hold at most (RFC 8866 §6.5). */
export const maxptime: AttributeField<number> = decimalField('maxptime', 'RFC 8866 §6.5')

/** `a=framerate`: video frames per second at most (RFC 8866 §6.13). */
export const framerate: AttributeField<number> = decimalField('framerate', 'RFC 8866 §6.13')

/** `a=sctp-port`: the SCTP port of a data channel (RFC 8841 §5). */
export const sctpPort: AttributeField<number> = numberField('sctp-port', 'RFC 8841 §5', 0, 65_535)

/** `a=max-message-size`: octets of a data channel's message at most; 0 is without limit (RFC 8841 §6). */
export const maxMessageSize: AttributeField<number> = numberField('max-message-size', 'RFC 8841 §6', 0, Number.MAX_SAFE_INTEGER)

/** A number above 0 that may have a fraction, as old peers write them. */
function decimalField(name: string, section: string): AttributeField<number> {
  return {
    name, section,
    read: (value) => {
      const text = value.trim()
      const number = /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : 0
      return number > 0 ? number : undefined
    },
    write: String,
  }
}

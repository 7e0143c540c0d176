/** How a TCP candidate connects (RFC 6544 §4.5). */
export type TcpType = 'active' | 'passive' | 'so'

/** One `a=candidate` line (RFC 8839 §5.1). */
export interface IceCandidate {
  readonly foundation: string
  /** 1 for RTP, 2 for RTCP. */
  readonly component: number
  /** `udp` or `tcp`, lower case. */
  readonly transport: string
  readonly priority: number
  /** An IP address or a name ending in `.local`. */
  readonly address: string
  readonly port: number
  /** `host`, `srflx`, `prflx` or `relay`. */
  readonly type: string
  readonly relatedAddress?: string | undefined
  readonly relatedPort?: number | undefined
  /** Only over TCP. */
  readonly tcpType?: TcpType | undefined
  /** Further name and value pairs, as `generation 0`. */
  readonly extensions: ReadonlyMap<string, string>
}

/** Reads the value of an `a=candidate` line, with or without the word `candidate:` before it; undefined when it is malformed. */
export function parseIceCandidate(value: string): IceCandidate | undefined {
  const text = value.startsWith('candidate:') ? value.slice(10) : value
  const words = text.split(' ').filter((word) => word !== '')
  const [foundation, component, transport, priority, address, port, typ, type] = words
  if (foundation === undefined || transport === undefined || address === undefined || typ !== 'typ' || type === undefined) return undefined
  const numbers = [component, priority, port].map((word) => (word !== undefined && /^\d{1,10}$/.test(word) ? Number(word) : NaN))
  const [componentNumber = NaN, priorityNumber = NaN, portNumber = NaN] = numbers
  if (numbers.some(Number.isNaN) || portNumber > 65_535) return undefined
  const extensions = new Map<string, string>()
  for (let index = 8; index + 1 < words.length; index += 2) extensions.set(words[index] ?? '', words[index + 1] ?? '')
  const relatedAddress = extensions.get('raddr')
  const relatedPort = extensions.get('rport')
  extensions.delete('raddr')
  extensions.delete('rport')
  const tcpType = extensions.get('tcptype')
  const isTcpType = tcpType === 'active' || tcpType === 'passive' || tcpType === 'so'
  if (isTcpType) extensions.delete('tcptype')
  return {
    foundation, component: componentNumber, transport: transport.toLowerCase(), priority: priorityNumber, address, port: portNumber, type,
    relatedAddress, relatedPort: relatedPort !== undefined && /^\d{1,5}$/.test(relatedPort) ? Number(relatedPort) : undefined,
    tcpType: isTcpType ? tcpType : undefined, extensions,
  }
}

/** Writes the value of an `a=candidate` line: `parseIceCandidate` the other way. */
export function serializeIceCandidate({ foundation, component, transport, priority, address, port, type, relatedAddress, relatedPort, tcpType, extensions }: IceCandidate): string {
  const pairs: [name: string, value: string | number | undefined][] = [['raddr', relatedAddress], ['rport', relatedPort], ['tcptype', tcpType], ...extensions]
  const written = pairs.flatMap(([name, value]) => (value === undefined ? [] : [` ${name} ${value}`])).join('')
  return `${foundation} ${component} ${transport} ${priority} ${address} ${port} typ ${type}${written}`
}

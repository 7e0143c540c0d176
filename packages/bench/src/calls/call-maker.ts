// One call in process, both ends: INVITE, 180, 200, ACK, BYE, 200, each message as bytes on the way.

/** Two user agents that are joined, and how to call from one to the other. */
export interface CallMaker {
  /** Places a call and resolves when it is up on both sides. */
  place(): Promise<Established>
  /** Ends what keeps the process alive. */
  close(): void
}

export interface Established {
  /** Hangs up and resolves when both sides have ended. */
  hangUp(): Promise<void>
}

export const offer: string = [
  'v=0', 'o=- 3724394400 3724394400 IN IP4 192.0.2.10', 's=-', 'c=IN IP4 192.0.2.10', 't=0 0', 'm=audio 40000 RTP/AVP 0 8 101', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16', 'a=ptime:20', 'a=sendrecv', '',
].join('\r\n')

export const answer: string = offer.replace('192.0.2.10', '192.0.2.20').replace('m=audio 40000', 'm=audio 40002')

/** Sends text as bytes to whoever listens at the other end of the wire, in the next microtask. */
export function wire(deliver: (text: string) => void): (text: string) => void {
  return (text) => {
    const bytes = Buffer.from(text)
    queueMicrotask(() => deliver(bytes.toString('utf8')))
  }
}

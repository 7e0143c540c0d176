// The part of the peers' interfaces that is measured; they ship none, or one that hides it.

declare module 'jssip/lib/Parser.js' {
  interface PegAddress {
    readonly uri: { readonly host: string; readonly user?: string }
  }
  /** A message of jssip, or with the names of its own a message of sip.js. */
  export interface JsSipMessage {
    readonly method?: string
    readonly status_code?: number
    readonly statusCode?: number
    readonly ruri?: { readonly host: string }
    readonly via: { readonly host: string }
    readonly via_branch: string
    readonly viaBranch: string
    readonly from: PegAddress
    readonly to: PegAddress
    readonly from_tag?: string
    readonly fromTag?: string
    readonly to_tag?: string
    readonly toTag?: string
    readonly call_id: string
    readonly callId: string
    readonly cseq: number
    getHeader(name: string): string | undefined
    getHeaders(name: string): readonly string[]
    hasHeader(name: string): boolean
    parseHeader(name: 'contact', index: number): PegAddress
    parseHeader(name: string, index?: number): unknown
  }
  const parser: { parseMessage(data: string, ua: object): JsSipMessage | undefined }
  export default parser
}

declare module 'jssip/lib/Grammar.js' {
  const grammar: { parse(text: string, rule: string): -1 | readonly { readonly parsed: { readonly uri: { readonly host: string } } }[] }
  export default grammar
}

declare module 'sip' {
  interface SipPackageParameters {
    readonly params: Readonly<Record<string, string | null | undefined>>
  }
  interface SipPackageAddress extends SipPackageParameters {
    readonly name?: string
    readonly uri: string
  }
  interface SipPackageVia extends SipPackageParameters {
    readonly version: string
    readonly protocol: string
    readonly host: string
    readonly port: number
  }
  interface SipPackageUri {
    readonly user?: string
    readonly host: string
  }
  export interface SipPackageMessage {
    readonly method?: string
    readonly status?: number
    readonly uri?: string
    readonly headers: {
      readonly via: SipPackageVia[]
      readonly from: SipPackageAddress
      readonly to: SipPackageAddress & { params: Record<string, string | null | undefined> }
      readonly 'call-id': string
      readonly cseq: { readonly seq: number; readonly method: string }
      readonly contact?: readonly SipPackageAddress[]
      readonly route?: readonly { readonly uri: SipPackageUri }[]
      readonly 'record-route'?: readonly { readonly uri: SipPackageUri }[]
      'max-forwards'?: string
      readonly 'content-type'?: string
    }
  }
  const sip: {
    parse(text: string): SipPackageMessage | undefined
    parseUri(text: string): SipPackageUri | undefined
    stringify(message: object): string
    start(options: object, receive: (request: SipPackageMessage) => void): void
    stop(): void
    send(message: object): void
    makeResponse(request: SipPackageMessage, status: number, reason: string, extension?: object): object
  }
  export default sip
}

declare module 'jssip/lib/SIPMessage.js' {
  const messages: {
    OutgoingRequest: new (method: string, target: object, ua: object, parameters: object, extraHeaders: readonly string[], body: string) => { setHeader(name: string, value: string): void; toString(): string }
  }
  export default messages
}

declare module 'jssip/lib/URI.js' {
  const uri: { parse(text: string): object }
  export default uri
}

declare module 'jssip' {
  export interface JsSipSession {
    on(event: 'confirmed' | 'ended', listener: () => void): void
    answer(options: object): void
    terminate(): void
  }
  interface JsSipAgent {
    on(event: 'connected', listener: () => void): void
    on(event: 'newRTCSession', listener: (event: { session: JsSipSession }) => void): void
    start(): void
    call(target: string, options: object): JsSipSession
  }
  const jssip: { UA: new (configuration: object) => JsSipAgent }
  export default jssip
}

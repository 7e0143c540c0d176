// The bench uses these declarations too.
declare module 'sdp-transform' {
  /** The members that are compared. */
  export interface ParsedSection {
    readonly direction?: string
    readonly iceUfrag?: string
    readonly icePwd?: string
    readonly fingerprint?: { readonly type: string; readonly hash: string }
    readonly setup?: string
  }
  export interface ParsedMedia extends ParsedSection {
    readonly type: string
    readonly port: number
    readonly protocol: string
    readonly payloads?: string | number
    readonly mid?: string | number
    readonly msid?: readonly { readonly id: string; readonly appdata?: string }[]
    readonly ptime?: number
    readonly rtcpMux?: string
    readonly connection?: { readonly version: number; readonly ip: string }
    readonly rtcp?: { readonly port: number; readonly netType?: string; readonly ipVer?: number; readonly address?: string }
    readonly rtp: readonly { readonly payload: number; readonly codec: string | number; readonly rate?: number; readonly encoding?: number | string }[]
    readonly fmtp: readonly { readonly payload: number; readonly config: string }[]
    readonly rtcpFb?: readonly { readonly payload: number | string; readonly type: string; readonly subtype?: string }[]
    readonly ext?: readonly { readonly value: number; readonly direction?: string; readonly uri: string; readonly config?: string }[]
    readonly candidates?: readonly { readonly foundation: string | number; readonly component: number; readonly transport: string; readonly priority: number | string; readonly ip: string; readonly port: number; readonly type: string; readonly raddr?: string; readonly rport?: number; readonly tcptype?: string }[]
    readonly ssrcs?: readonly { readonly id: number | string; readonly attribute: string; readonly value?: string }[]
    readonly ssrcGroups?: readonly { readonly semantics: string; readonly ssrcs: string }[]
    readonly rids?: readonly { readonly id: string | number; readonly direction: string; readonly params?: string }[]
    readonly crypto?: readonly { readonly id: number; readonly suite: string; readonly config: string; readonly sessionConfig?: string }[]
    readonly sctpPort?: number
    readonly maxMessageSize?: number
  }
  export interface ParsedDescription extends ParsedSection {
    readonly version: number
    readonly name: string | number
    readonly origin: { readonly username: string | number; readonly sessionId: number | string; readonly sessionVersion: number; readonly netType: string; readonly ipVer: number; readonly address: string }
    readonly timing: { readonly start: number; readonly stop: number }
    readonly groups?: readonly { readonly type: string; readonly mids: string | number }[]
    readonly media: readonly ParsedMedia[]
  }
  const transform: { readonly parse: (text: string) => ParsedDescription; readonly write: (description: ParsedDescription) => string }
  export default transform
}

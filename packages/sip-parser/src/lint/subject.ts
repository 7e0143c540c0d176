import type { Reader } from '../attempt.js'
import { BuildError, ParseError } from '../errors.js'
import type { SipMessage } from '../parse-message.js'
import type { SipRequest } from '../request.js'
import type { NameAddr } from '../values/name-addr.js'
import { Parameters } from '../values/parameters.js'
import type { Uri } from '../values/uri.js'
import type { Via } from '../values/via.js'

/** A message as the rules see it: nothing here throws, what cannot be read is absent. */
export class Subject {
  readonly message: SipMessage
  /** undefined for a response. */
  readonly request: SipRequest | undefined
  /** 0 for a request. */
  readonly statusCode: number
  /** Of the request, or of the request that was answered. */
  readonly method: string
  readonly vias: readonly Via[]
  /** Empty for `*`. */
  readonly contacts: readonly NameAddr[]
  readonly isWildcard: boolean
  readonly route: readonly NameAddr[]
  readonly recordRoute: readonly NameAddr[]

  constructor(message: SipMessage) {
    this.message = message
    this.request = message.kind === 'request' ? message : undefined
    this.statusCode = message.kind === 'request' ? 0 : message.statusCode
    this.method = this.request?.method ?? readable(() => message.cseq.method, '')
    const contacts = readable(() => message.contacts, [])
    this.isWildcard = contacts === '*'
    this.contacts = contacts === '*' ? [] : contacts
    this.vias = readable(() => message.vias, [])
    this.route = readable(() => message.route, [])
    this.recordRoute = readable(() => message.recordRoute, [])
  }

  /** Whether it is a response of this class. */
  isClass(hundreds: number): boolean {
    return Math.floor(this.statusCode / 100) === hundreds
  }

  has(name: string): boolean {
    return this.message.headers.has(name)
  }

  /** From or To. */
  party(name: 'from' | 'to'): NameAddr | undefined {
    return readable(() => this.message[name], undefined)
  }

  /** The values of comma lists of tokens, lower case. */
  tokens(name: string): readonly string[] {
    return this.message.headers.getAll(name).join().toLowerCase().split(',').map((token) => token.trim()).filter((token) => token !== '')
  }

  /** The value before its parameters. */
  main(name: string): string {
    return (this.message.headers.get(name) ?? '').split(';', 1).join('').trim().toLowerCase()
  }

  /** The parameters behind each value of a field; none when it is absent. */
  parameters(name: string, separator: ';' | ',' = ';'): readonly Parameters[] {
    return readable(() => this.message.headers.read({ name, section: '', read: separator === ';' ? afterSemicolon : afterScheme }), [])
  }

  /** Values of an address field. */
  addresses(name: string, read: Reader<NameAddr>): readonly NameAddr[] {
    return readable(() => this.message.headers.read({ name, section: '', comma: true, read }), [])
  }

  /** The URI of the next hop: that of the topmost Route, else the Request-URI. */
  get target(): Uri | undefined {
    return this.route[0]?.uri ?? this.request?.requestUri
  }
}

const afterSemicolon: Reader<Parameters> = (source, start, end) => {
  const semicolon = source.text.slice(start, end).indexOf(';')
  return semicolon < 0 ? Parameters.empty : Parameters.read(source, start + semicolon, end)
}

const afterScheme: Reader<Parameters> = (source, start, end) => {
  const scheme = /^\S*/.exec(source.text.slice(start, end))?.[0].length ?? 0
  return Parameters.read(source, start + scheme, end, ',')
}

/** The value, or `otherwise` where the peer wrote what cannot be read; BuildError is a field that is not there. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ParseError || error instanceof BuildError) return otherwise
    throw error
  }
}

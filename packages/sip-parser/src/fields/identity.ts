import type { Reader } from '../attempt.js'
import { ParseError } from '../errors.js'
import { assertToken } from '../guards.js'
import { Parameters } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue, present } from './checked-value.js'
import { readHead } from './head.js'

/** What an Identity is made of. */
export interface IdentityParts {
  /** The PASSporT, full or compact (RFC 8224 §6, §7): `header.payload.signature`, `..signature`. */
  readonly digest: string
  /** Where the certificate is. */
  readonly info: string
  readonly alg?: string | undefined
  readonly ppt?: string | undefined
}

/** A signature over the identity of the caller (RFC 8224 §4; RFC 4474 §9 without `info`). Its text is kept as it came. Immutable. */
export class Identity extends Value {
  /** Without quotes. */
  readonly digest: string
  /** URI of the certificate, without brackets; undefined in the form of RFC 4474. */
  readonly info: string | undefined
  /** Without `info`. */
  readonly parameters: Parameters

  private constructor(digest: string, info: string | undefined, parameters: Parameters) {
    super()
    this.digest = digest
    this.info = info
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example Identity.of({ digest: '..sQs7_Vw', info: 'https://cert.example.org/passport.cer', alg: 'ES256', ppt: 'shaken' })
   */
  static of({ digest, info, alg, ppt }: IdentityParts): Identity {
    for (const token of [alg, ppt]) if (token !== undefined) assertToken(token, 'Identity')
    return checkedValue(new Identity(digest, info, Parameters.of(present(['alg', alg], ['ppt', ppt]))), Identity.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Identity> = (source, start, end) => {
    // The digest is base64 by the grammar, base64url in what RFC 8225 makes of it; `info` comes first behind it, but a peer may know better.
    // Blanks are where the base64 was folded.
    const [[, quoted, plain = '', info], parameters] = readHead(/^(?:"([\w+/=.-][\w+/=.\s-]*)"\s*|([\w+/=.-][\w+/=.\s-]*))(?:;\s*info\s*=\s*<([^<>"\s\x80-\xff]+)>\s*)?(?=;|$)/i, source, start, end)
    const digest = (quoted ?? plain).replaceAll(/\s/g, '')
    const late = parameters.get('info')
    if (late === undefined) return new Identity(digest, info, parameters)
    const [, uri] = /^<?([^<>"\s]+)>?$/.exec(late) ?? []
    if (info !== undefined || uri === undefined) throw new ParseError('header-value', start)
    return new Identity(digest, uri, parameters.without('info'))
  }

  /** Signature algorithm. */
  get alg(): string | undefined {
    return this.parameters.get('alg')
  }
  /** Type of the PASSporT, such as `shaken`. */
  get ppt(): string | undefined {
    return this.parameters.get('ppt')
  }

  toString(): string {
    return (this.info === undefined ? `"${this.digest}"` : `${this.digest};info=<${this.info}>`) + this.parameters.toString()
  }
}

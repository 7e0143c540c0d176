import type { Reader } from '../attempt.js'
import { BuildError } from '../errors.js'
import { NameAddr } from '../values/name-addr.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import type { Uri } from '../values/uri.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** A URI with parameters, no display name: Alert-Info, Call-Info, Geolocation … (RFC 3261 §20.4). Immutable. */
export class UriValue extends Value {
  readonly uri: Uri
  /** Of the header field, not of the URI. */
  readonly parameters: Parameters
  readonly #bare: boolean

  private constructor(uri: Uri, parameters: Parameters, bare: boolean) {
    super()
    this.uri = uri
    this.parameters = parameters
    this.#bare = bare
  }

  /**
   * Written in brackets. Throws BuildError.
   *
   * @example UriValue.of(AbsoluteUri.of('https', '//www.example.com/alice/photo.jpg'), [['purpose', 'icon']])
   */
  static of(uri: Uri, parameters: ParameterList = []): UriValue {
    return checkedValue(new UriValue(uri, Parameters.of(parameters), false), UriValue.read)
  }

  /** Without brackets, as Trigger-Consent, Policy-ID and the P-…-Service fields want it; a URI that has parameters cannot be written so. Throws BuildError. */
  static bare(uri: Uri, parameters: ParameterList = []): UriValue {
    // Without brackets a comma, `;` or `?` ends the URI (RFC 3261 §20).
    if (/[,;?]/.test(uri.toString())) throw new BuildError('value', 'URI', uri.toString())
    return checkedValue(new UriValue(uri, Parameters.of(parameters), true), UriValue.readBare)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<UriValue> = (source, start, end) => {
    const { uri, parameters } = NameAddr.read(source, start, end)
    return new UriValue(uri, parameters, false)
  }

  /** @internal Throws ParseError. */
  static readonly readBare: Reader<UriValue> = (source, start, end) => {
    const { uri, parameters } = NameAddr.read(source, start, end)
    return new UriValue(uri, parameters, true)
  }

  toString(): string {
    const uri = this.uri.toString()
    return (this.#bare ? uri : `<${uri}>`) + this.parameters.toString()
  }
}

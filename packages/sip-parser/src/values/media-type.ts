import { matchIn, type Reader } from '../attempt.js'
import { assertReadable } from '../guards.js'
import type { HeaderField } from '../header-fields.js'
import { Parameters, type ParameterList } from './parameters.js'
import { Value } from './value.js'

/** A media type: Content-Type (RFC 3261 §20.15). Immutable. */
export class MediaType extends Value {
  /** Lower case. */
  readonly type: string
  /** Lower case. */
  readonly subtype: string
  readonly parameters: Parameters

  private constructor(type: string, subtype: string, parameters: Parameters) {
    super()
    this.type = type.toLowerCase()
    this.subtype = subtype.toLowerCase()
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(type: string, subtype: string, parameters: ParameterList = []): MediaType {
    return assertReadable(new MediaType(type, subtype, Parameters.of(parameters)), MediaType.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<MediaType> = (source, start, end) => {
    const [, type = '', subtype = '', rest = ''] = matchIn(/^([\w\-.!%*+`'~]+)\s*\/\s*([\w\-.!%*+`'~]+)\s*(;.*)?$/s, source, start, end)
    return new MediaType(type, subtype, Parameters.read(source, end - rest.length, end))
  }

  /** `type/subtype`, without parameters. */
  get essence(): string {
    return `${this.type}/${this.subtype}`
  }

  toString(): string {
    return this.essence + this.parameters.toString()
  }
}

/** Content-Type (RFC 3261 §20.15). */
export const contentType: HeaderField<MediaType> = { name: 'Content-Type', section: 'RFC 3261 §20.15', read: MediaType.read }

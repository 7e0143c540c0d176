import type { Reader } from '../attempt.js'
import { skipBlanks, skipClass, TOKEN } from '../characters.js'
import { ParseError } from '../errors.js'
import { assertReadable } from '../guards.js'
import { slice } from '../octets.js'
import { Parameters, type ParameterList } from './parameters.js'

/** A media type: Content-Type (RFC 3261 §20.15). Immutable. */
export class MediaType {
  /** Lower case. */
  readonly type: string
  /** Lower case. */
  readonly subtype: string
  readonly parameters: Parameters

  private constructor(type: string, subtype: string, parameters: Parameters) {
    this.type = type.toLowerCase()
    this.subtype = subtype.toLowerCase()
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(type: string, subtype: string, parameters: ParameterList = []): MediaType {
    return assertReadable(new MediaType(type, subtype, Parameters.of(parameters)), MediaType.read, ['type', 'subtype'])
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<MediaType> = (source, start, end) => {
    const { bytes } = source
    const typeEnd = skipClass(bytes, start, end, TOKEN)
    const slash = skipBlanks(bytes, typeEnd, end)
    const subtype = skipBlanks(bytes, slash + 1, end)
    const subtypeEnd = skipClass(bytes, subtype, end, TOKEN)
    const rest = skipBlanks(bytes, subtypeEnd, end)
    if (typeEnd === start || subtype >= subtypeEnd || bytes[slash] !== 47 || (rest < end && bytes[rest] !== 59))
      throw new ParseError('header-value', typeEnd)
    return new MediaType(slice(source, start, typeEnd), slice(source, subtype, subtypeEnd), Parameters.read(source, rest, end))
  }

  /** `type/subtype`, without parameters. */
  get essence(): string {
    return `${this.type}/${this.subtype}`
  }

  toString(): string {
    return this.essence + this.parameters.toString()
  }
}

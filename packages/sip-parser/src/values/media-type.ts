import { isToken, trimBlanks } from '../characters.js'
import { BuildError, ParseError } from '../errors.js'
import { Parameters, type ParameterList } from './parameters.js'

/** A media type: Content-Type, Accept (RFC 3261 §20.15). Immutable. */
export class MediaType {
  /** Lower case. */
  readonly type: string
  /** Lower case. */
  readonly subtype: string
  readonly parameters: Parameters

  private constructor(type: string, subtype: string, parameters: Parameters) {
    this.type = type
    this.subtype = subtype
    this.parameters = parameters
  }

  /** Throws BuildError. */
  static of(type: string, subtype: string, parameters: ParameterList = []): MediaType {
    if (!isToken(type) || !isToken(subtype)) throw new BuildError('value', `not a media type: ${JSON.stringify(`${type}/${subtype}`)}`)
    return new MediaType(type.toLowerCase(), subtype.toLowerCase(), Parameters.of(parameters))
  }

  /** Throws ParseError. */
  static read(text: string): MediaType {
    const semicolon = text.indexOf(';')
    const end = semicolon < 0 ? text.length : semicolon
    const slash = text.indexOf('/')
    const type = text.slice(0, Math.max(0, trimBlanks(text, 0, slash)))
    const subtype = text.slice(slash + 1, end).trim()
    if (slash < 0 || slash > end || !isToken(type) || !isToken(subtype))
      throw new ParseError('header-value', 'not a media type', { section: 'RFC 3261 §20.15' })
    return new MediaType(type.toLowerCase(), subtype.toLowerCase(), semicolon < 0 ? Parameters.empty : Parameters.read(text.slice(semicolon)))
  }

  /** `type/subtype`, without parameters. */
  get essence(): string {
    return `${this.type}/${this.subtype}`
  }

  toString(): string {
    return this.essence + this.parameters.toString()
  }
}

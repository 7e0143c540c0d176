import type { Reader } from '../attempt.js'
import { ParseError } from '../errors.js'
import { Parameters } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue, present } from './checked-value.js'

/** What a P-Charging-Vector is made of. */
export interface ChargingVectorParts {
  /** The IMS charging identifier. */
  readonly icid: string
  /** Host that made the identifier. */
  readonly generatedAt?: string | undefined
  readonly origIoi?: string | undefined
  readonly termIoi?: string | undefined
  /** `name.1, name.2, void` */
  readonly transitIoi?: string | undefined
}

/** P-Charging-Vector: one identifier for the charging records of all nodes (RFC 7315 §5.6). Immutable. */
export class ChargingVector extends Value {
  /** With `icid-value`. */
  readonly parameters: Parameters

  private constructor(parameters: Parameters) {
    super()
    this.parameters = parameters
  }

  /**
   * Throws BuildError.
   *
   * @example ChargingVector.of({ icid: '1234bc9876e', generatedAt: '192.0.6.8', origIoi: 'home1.net' })
   */
  static of({ icid, generatedAt, origIoi, termIoi, transitIoi }: ChargingVectorParts): ChargingVector {
    return checkedValue(new ChargingVector(Parameters.of(present(
      ['icid-value', icid], ['icid-generated-at', generatedAt], ['orig-ioi', origIoi], ['term-ioi', termIoi], ['transit-ioi', transitIoi],
    ))), ChargingVector.read)
  }

  /** @internal Throws ParseError without an identifier. */
  static readonly read: Reader<ChargingVector> = (source, start, end) => {
    const vector = new ChargingVector(Parameters.read(source, start, end))
    if (vector.icid === '') throw new ParseError('header-value', start)
    return vector
  }

  /** The IMS charging identifier. */
  get icid(): string {
    return this.parameters.get('icid-value') ?? ''
  }
  get generatedAt(): string | undefined {
    return this.parameters.get('icid-generated-at')
  }
  get origIoi(): string | undefined {
    return this.parameters.get('orig-ioi')
  }
  get termIoi(): string | undefined {
    return this.parameters.get('term-ioi')
  }
  get transitIoi(): string | undefined {
    return this.parameters.get('transit-ioi')
  }

  toString(): string {
    return this.parameters.toString().slice(1)
  }
}

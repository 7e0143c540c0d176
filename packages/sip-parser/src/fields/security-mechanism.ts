import type { Reader } from '../attempt.js'
import { BuildError } from '../errors.js'
import { Parameters, type ParameterList } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue, present } from './checked-value.js'
import { readHead } from './head.js'

/** One mechanism of Security-Client, Security-Server or Security-Verify (RFC 3329 §2.2). Immutable. */
export class SecurityMechanism extends Value {
  /** As written: `digest`, `tls`, `ipsec-ike`, `ipsec-man`, `ipsec-3gpp` … */
  readonly mechanism: string
  readonly parameters: Parameters

  private constructor(mechanism: string, parameters: Parameters) {
    super()
    this.mechanism = mechanism
    this.parameters = parameters
  }

  /**
   * Throws BuildError; a preference is 0 to 1 with at most three decimals.
   *
   * @example SecurityMechanism.of('tls', { preference: 0.2 })
   */
  static of(mechanism: string, { preference, parameters = [] }: { readonly preference?: number; readonly parameters?: ParameterList } = {}): SecurityMechanism {
    if (preference !== undefined && !isQualityValue(String(preference))) throw new BuildError('value', 'q', String(preference))
    return checkedValue(new SecurityMechanism(mechanism, Parameters.of([...present(['q', preference]), ...parameters])), SecurityMechanism.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<SecurityMechanism> = (source, start, end) => {
    const [[, mechanism = ''], parameters] = readHead(/^([\w\-.!%*+`'~]+)\s*(?=;|$)/, source, start, end)
    return new SecurityMechanism(mechanism, parameters)
  }

  /** 0 to 1, the higher the better; undefined when absent or out of range. */
  get preference(): number | undefined {
    return qualityOf(this.parameters)
  }

  toString(): string {
    return this.mechanism + this.parameters.toString()
  }
}

/** The `q` parameter: 0 to 1; undefined when absent or out of range (RFC 3261 §25.1 qvalue). */
export function qualityOf(parameters: Parameters): number | undefined {
  const q = parameters.get('q')
  return q !== undefined && isQualityValue(q) ? Number(q) : undefined
}

function isQualityValue(text: string): boolean {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text)
}

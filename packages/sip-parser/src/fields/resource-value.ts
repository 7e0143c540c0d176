import { matchIn, type Reader } from '../attempt.js'
import { Value } from '../values/value.js'
import { checkedValue } from './checked-value.js'

/** Namespace and priority of a resource: Resource-Priority, Accept-Resource-Priority (RFC 4412 §3.1). Immutable. */
export class ResourceValue extends Value {
  readonly namespace: string
  readonly priority: string

  private constructor(namespace: string, priority: string) {
    super()
    this.namespace = namespace
    this.priority = priority
  }

  /**
   * Throws BuildError.
   *
   * @example ResourceValue.of('dsn', 'flash')
   */
  static of(namespace: string, priority: string): ResourceValue {
    return checkedValue(new ResourceValue(namespace, priority), ResourceValue.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<ResourceValue> = (source, start, end) => {
    const [, namespace = '', priority = ''] = matchIn(/^([\w\-!%*+`'~]+)\.([\w\-!%*+`'~]+)$/, source, start, end)
    return new ResourceValue(namespace, priority)
  }

  toString(): string {
    return `${this.namespace}.${this.priority}`
  }
}

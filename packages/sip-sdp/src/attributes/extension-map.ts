import type { Direction } from '../direction.js'
import { isDirection } from '../direction.js'
import type { AttributeField } from './attribute-field.js'
import { headOf, nonBlank, wholeNumber } from './words.js'

/** An RTP header extension: one `a=extmap`. */
export interface ExtensionMap {
  /** 1 to 255 in packets; 4096 to 4351 while it is only offered. */
  readonly id: number
  /** Who may send it; both when absent. */
  readonly direction?: Direction | undefined
  readonly uri: string
  /** All behind the URI. */
  readonly parameters?: string | undefined
}

/** `a=extmap`: the number of an RTP header extension (RFC 8285 §5, §7). */
export const extmap: AttributeField<ExtensionMap> = {
  name: 'extmap', section: 'RFC 8285 §5',
  read: (value) => {
    const [head, rest] = headOf(value)
    const slash = head.indexOf('/')
    const id = wholeNumber(slash === -1 ? head : head.slice(0, slash), 4351)
    const direction = slash === -1 ? undefined : head.slice(slash + 1)
    const [uri, parameters] = headOf(rest)
    if (id === undefined || id === 0 || (id > 255 && id < 4096) || !nonBlank.test(uri)) return undefined
    if (direction !== undefined && !isDirection(direction)) return undefined
    return { id, direction, uri, parameters: parameters === '' ? undefined : parameters }
  },
  write: ({ id, direction, uri, parameters }) =>
    `${id}${direction === undefined ? '' : `/${direction}`} ${uri}${parameters === undefined ? '' : ` ${parameters}`}`,
}

import type { AttributeField } from './attribute-field.js'
import { headOf, payloadTypeOf } from './words.js'

/** Which way an encoding goes, seen from whoever wrote it. */
export type RidDirection = 'send' | 'recv'

/** One encoding of a stream: one `a=rid`. */
export interface Rid {
  /** Letters, digits, `-` and `_`. */
  readonly id: string
  readonly direction: RidDirection
  /** The formats that it may use; all of the stream when absent. */
  readonly payloadTypes?: readonly number[] | undefined
  /** `max-width`, `max-fps`, `max-br`, `depend`… as written; `''` for one without a value. */
  readonly restrictions: ReadonlyMap<string, string>
}

/** `a=rid`: an encoding of a stream and its limits (RFC 8851 §10). */
export const rid: AttributeField<Rid> = {
  name: 'rid', section: 'RFC 8851 §10',
  read: (value) => {
    const [id, behind] = headOf(value)
    const [direction, parameters] = headOf(behind)
    if (!/^[\w-]+$/.test(id) || (direction !== 'send' && direction !== 'recv')) return undefined
    const restrictions = new Map<string, string>()
    let payloadTypes: readonly number[] | undefined
    for (const parameter of parameters === '' ? [] : parameters.split(';')) {
      const equals = parameter.indexOf('=')
      const name = (equals === -1 ? parameter : parameter.slice(0, equals)).trim()
      const text = equals === -1 ? '' : parameter.slice(equals + 1).trim()
      if (name === '') return undefined
      if (name !== 'pt') restrictions.set(name, text)
      else {
        const types = text.split(',').map(payloadTypeOf)
        if (!types.every((type) => type !== undefined)) return undefined
        payloadTypes = types
      }
    }
    return { id, direction, payloadTypes, restrictions }
  },
  write: ({ id, direction, payloadTypes, restrictions }) => {
    const parameters = [...(payloadTypes === undefined ? [] : [`pt=${payloadTypes.join(',')}`]), ...Array.from(restrictions, ([name, text]) => (text === '' ? name : `${name}=${text}`))]
    return `${id} ${direction}${parameters.length === 0 ? '' : ` ${parameters.join(';')}`}`
  },
}

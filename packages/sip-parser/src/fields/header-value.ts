import { attempt } from '../attempt.js'
import { listReader } from '../comma-list.js'
import { BuildError } from '../errors.js'
import type { HeaderField } from '../header-fields.js'
import { assertWritable } from './checked-value.js'

/** A header field whose text may be written in fewer ways than it is read. */
export interface TextField extends HeaderField<string> {
  /** Whether the grammar allows the text. */
  readonly allows: (text: string) => boolean
}

/**
 * The text of a header field from its typed values: what `HeaderFields.set`, `append` and `createRequest` take.
 * It is written only if it reads back as the same values. Throws BuildError: `line-break` for CR, LF or NUL, `value` for all else
 * the field may not hold, and for several values where the field takes one (RFC 3261 §7.3.1).
 *
 * @example headers.set('Allow', headerValue(allow, 'INVITE', 'ACK', 'BYE'))
 * @example headers.set('Expires', headerValue(expires, 3600))
 */
export function headerValue<T>(field: HeaderField<T>, ...values: readonly T[]): string {
  const { name, read, comma = false } = field
  const texts = values.map(String)
  const text = texts.join(', ')
  assertWritable(text, name)
  const again = attempt<readonly T[]>(comma ? listReader(read) : (source, start, end) => [read(source, start, end, true)], text)
  if (again.ok && again.value.length === texts.length && again.value.every((value, at) => String(value) === texts[at]) && texts.every((one) => isAllowed(field, one))) return text
  throw new BuildError('value', name, text)
}

function isAllowed(field: HeaderField<unknown> & Partial<Pick<TextField, 'allows'>>, text: string): boolean {
  return field.allows?.(text) !== false
}

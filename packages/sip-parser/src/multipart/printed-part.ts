import type { BodyOptions } from '../create-message.js'
import { HeaderFields } from '../header-fields.js'

/** The header fields of a part to build, a line each. Throws BuildError for what may not be sent. */
export function printFields({ headers = [], contentType }: BodyOptions): string {
  const fields = new HeaderFields([])
  for (const [name, value] of headers) for (const one of Array.isArray(value) ? (value as readonly unknown[]) : [value]) fields.append(name, String(one))
  if (contentType !== undefined) fields.set('Content-Type', String(contentType))
  return Array.from(fields, ([name, value]) => `${name}: ${value}\r\n`).join('')
}

/** One after the other. */
export function joinOctets(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0))
  chunks.reduce((at, chunk) => {
    whole.set(chunk, at)
    return at + chunk.length
  }, 0)
  return whole
}

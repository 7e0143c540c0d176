import { attempt, type Reader } from './attempt.js'
import { isToken } from './characters.js'
import { BuildError } from './errors.js'

/** Whether the text holds neither CR, LF nor NUL. */
export function isPlain(text: string): boolean {
  return !text.includes('\r') && !text.includes('\n') && !text.includes('\0')
}

/** Throws BuildError `line-break` for CR, LF or NUL: no text of the caller may end a header field. */
export function assertPlain(text: string, header?: string): void {
  if (!isPlain(text)) throw new BuildError('line-break', header, text)
}

/** Throws BuildError `token` unless the text is a token. */
export function assertToken(text: string, header?: string): void {
  if (!isToken(text)) throw new BuildError('token', header, text)
}

/**
 * The value, if its text reads back as the same value: so nothing can be built that another reader would take for something else.
 * Throws BuildError `value`.
 */
export function assertReadable<T extends { toString(): string }>(value: T, read: Reader<T>): T {
  const text = value.toString()
  assertPlain(text)
  const again = attempt(read, text)
  // Parameters are objects, and compared by their text.
  if (again.ok && again.value.toString() === text && Object.entries(value).every(([key, part]) => typeof part === 'object' || again.value[key as keyof T] === part)) return value
  throw new BuildError('value', undefined, text)
}

/** What the reader makes of the text, if it has these parts and prints as this text. Throws BuildError `value`. */
export function assertParts<T extends { toString(): string }>(text: string, read: Reader<T>, parts: { readonly [K in keyof T]?: T[K] }): T {
  const result = attempt(read, text)
  if (result.ok && result.value.toString() === text && Object.entries(parts).every(([name, part]) => result.value[name as keyof T] === part)) return result.value
  throw new BuildError('value', undefined, text)
}

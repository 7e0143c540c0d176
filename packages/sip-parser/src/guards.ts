import { isToken } from './characters.js'
import { BuildError } from './errors.js'

/** Throws BuildError `line-break` for CR, LF or NUL: no text of the caller may end a header field. */
export function assertPlain(text: string, header?: string): void {
  if (text.includes('\r') || text.includes('\n') || text.includes('\0'))
    throw new BuildError('line-break', `CR, LF or NUL in ${header ?? 'text'}`, header)
}

/** Throws BuildError `token` unless the text is a token. */
export function assertToken(text: string, what: string): void {
  if (!isToken(text)) throw new BuildError('token', `${what} is not a token: ${JSON.stringify(text)}`)
}

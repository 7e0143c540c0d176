import { UsageError } from '../command-line/usage-error.js'

/** Names and passwords of the people who may register. */
export type UserList = ReadonlyMap<string, string>

/** Reads `name:password`, the value of one `--auth`. @throws {@link UsageError} */
export function parseUser(text: string, where: string): readonly [name: string, password: string] {
  const colon = text.indexOf(':')
  const name = text.slice(0, colon)
  if (colon < 1 || colon === text.length - 1) throw new UsageError(`${where} takes name:password`)
  if (!/^[\w.!~*'()&=+$,;?/-]+$/.test(name)) throw new UsageError(`${where}: "${name}" has characters that no SIP user may have`)
  return [name, text.slice(colon + 1)]
}

/** Reads a file with one `name:password` a line; empty lines and lines that begin with # are passed over. @throws {@link UsageError} with the line's number */
export function parseUserFile(text: string, path: string): UserList {
  const users = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const [name, password] = parseUser(line, `--users ${path} line ${index + 1}`)
    if (users.has(name)) throw new UsageError(`--users ${path} line ${index + 1}: "${name}" is there twice`)
    users.set(name, password)
  }
  return users
}

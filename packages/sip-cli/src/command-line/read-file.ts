import { readFile } from 'node:fs/promises'
import { CommandError } from './command-error.js'
import { exitCode } from './exit-code.js'
import type { Terminal } from './terminal.js'

/** Reads a file that the person named with `option`. @throws {@link CommandError} with one line that says what is wrong with it */
export async function readNamedFile(path: string, option: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason =
      code === 'ENOENT' ? 'does not exist; check the path' :
      code === 'EACCES' ? 'may not be read; check its permissions' :
      code === 'EISDIR' ? 'is a folder; name a file' : `cannot be read (${code ?? 'unknown reason'})`
    throw new CommandError('file', `${option}: ${path} ${reason}`, exitCode.environment, error)
  }
}

/** Reads standard input where the person named `-`, otherwise the file. @throws {@link CommandError} as {@link readNamedFile} does */
export function readFileOrInput(path: string, command: string, terminal: Terminal): Promise<Uint8Array> {
  return path === '-' ? terminal.readInput() : readNamedFile(path, command)
}

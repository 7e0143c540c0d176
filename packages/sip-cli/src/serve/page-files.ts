import { readdir, readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { CommandError } from '../command-line/command-error.js'
import { exitCode } from '../command-line/exit-code.js'

/** One file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string
  readonly bytes: Uint8Array
  readonly etag: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
}

/** The built page beside the built command. */
const builtPage = new URL('../page/', import.meta.url)

/** Reads the page into memory: it is small, and nothing outside it can be asked for. @throws {@link CommandError} when it was not built */
export async function readPageFiles(folder: URL = builtPage): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>()
  const names = await readdir(folder).catch((error: unknown) => {
    throw new CommandError('page', 'the softphone page is missing from this installation; install @offhook/sip-cli again', exitCode.environment, error)
  })
  for (const name of names) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const bytes = await readFile(new URL(name, folder))
    files.set(`/${name}`, { type, bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` })
  }
  const index = files.get('/index.html')
  if (index !== undefined) files.set('/', index)
  return files
}

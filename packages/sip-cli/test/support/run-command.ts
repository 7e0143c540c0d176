import { run } from '../../src/run.js'

/** What one command line printed and returned. */
export interface Printed {
  readonly code: number
  readonly out: string
  readonly err: string
  /** What was written as octets. */
  readonly octets: Uint8Array
}

/** Runs a command in this process. */
export async function runCommand(words: readonly string[], input: string | Uint8Array = ''): Promise<Printed> {
  let out = ''
  let err = ''
  const octets: Uint8Array[] = []
  const code = await run(words, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    write: (some) => void octets.push(some),
    readInput: () => Promise.resolve(typeof input === 'string' ? new TextEncoder().encode(input) : input),
    interrupted: new AbortController().signal,
  })
  return { code, out, err, octets: new Uint8Array(Buffer.concat(octets)) }
}

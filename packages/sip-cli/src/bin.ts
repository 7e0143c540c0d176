#!/usr/bin/env node
import process from 'node:process'
import { run } from './run.js'
import type { Terminal } from './command-line/terminal.js'

const interruption = new AbortController()

/** The first signal asks the command to end in good order, the second ends the process. */
function interrupt(): void {
  if (interruption.signal.aborted) process.exit(130)
  interruption.abort()
}

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  write: (octets) => void process.stdout.write(octets),
  err: (text) => void process.stderr.write(text),
  async readInput() {
    const chunks: Uint8Array[] = []
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
    return Buffer.concat(chunks)
  },
  interrupted: interruption.signal,
}

process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)
// A reader that goes away (`offhook … | head`) is no failure of ours.
process.stdout.on('error', () => process.exit(0))

const code = await run(process.argv.slice(2), terminal)
// What is still on its way to a pipe must arrive; sockets and timers left behind must not keep us.
process.stdout.write('', () => process.exit(code))

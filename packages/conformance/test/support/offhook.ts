// The built command, as a user runs it.
import { fileURLToPath } from 'node:url'
import type { Place } from './place.js'
import type { Program } from './program.js'

const command = fileURLToPath(new URL('../../../sip-cli/dist/bin.js', import.meta.url))

/** Starts `offhook <args> --json` inside a place. */
export const offhook = (place: Place, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program =>
  place.run([process.execPath, command, ...args, '--json'], { name: `offhook ${args.join(' ')}`, env })

/** Starts `offhook answer` on UDP and TCP port 5060 and waits until it listens. */
export async function answering(place: Place, args: readonly string[] = []): Promise<Program> {
  const program = offhook(place, ['answer', '--listen', 'udp:127.0.0.1:5060', '--listen', 'tcp:127.0.0.1:5060', ...args])
  await Promise.race([
    place.listening(5060),
    program.ended.then(({ code }) => {
      throw new Error(`${program.name} ended with ${code}:\n${program.output}`)
    }),
  ])
  return program
}

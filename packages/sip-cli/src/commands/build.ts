import { parseMessage } from '@offhook/sip-parser'
import { CommandError } from '../command-line/command-error.js'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import { readFileOrInput } from '../command-line/read-file.js'
import { buildMessage, MessageJsonError } from '../message-json/build-message.js'

/** `offhook build`: from JSON back to a message. */
export const build: Command = {
  name: 'build',
  summary: 'write the message that offhook parse shows as JSON',
  synopsis: '<file|->',
  options: {},
  notes: [
    'Takes what offhook parse prints, changed or not, and writes the message to standard output, unchanged octet for octet:',
    '  offhook parse invite.sip | offhook build -',
    'It reads kind, method, requestUri, statusCode, reasonPhrase, headers (name and value; raw, where the line is written in another way), body or bodyBase64.',
    'With octets (the whole message in base64) nothing else counts. Content-Length follows the body. Several messages may stand one behind the other, one a line.',
    'Exit code 1 when the JSON gives no message.',
  ].join('\n'),
  async run({ args, terminal }: Invocation): Promise<ExitCode> {
    const [path = '-'] = args.exactly('<file>')
    const text = Buffer.from(await readFileOrInput(path, 'build', terminal)).toString('utf8')
    for (const json of documentsIn(text)) terminal.write(checked(json))
    return exitCode.success
  },
}

/** One JSON document, or one in each line. */
function documentsIn(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)]
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    try {
      if (lines.length > 1) return lines.map((line): unknown => JSON.parse(line))
    } catch {
      // What is wrong with the document as a whole says more than what is wrong with its first line.
    }
    throw new CommandError('json', `build: this is no JSON: ${(error as Error).message}`, exitCode.refused, error)
  }
}

function checked(json: unknown): Uint8Array {
  try {
    const octets = buildMessage(json)
    const limits = { maxMessageBytes: octets.length, maxHeaderBytes: octets.length, maxBodyBytes: octets.length }
    const result = parseMessage(octets, { limits })
    if (result.ok) return octets
    throw new CommandError(result.error.code, `build: the JSON gives no SIP message: ${result.error.message}`, exitCode.refused, result.error)
  } catch (error) {
    if (error instanceof MessageJsonError) throw new CommandError(error.code, `build: ${error.message}`, exitCode.refused, error)
    throw error
  }
}

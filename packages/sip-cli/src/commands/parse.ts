import { parseMessage } from '@offhook/sip-parser'
import type { ParseError } from '@offhook/sip-parser'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import { readFileOrInput } from '../command-line/read-file.js'
import { excerptOf, placeOf } from '../diagnosis/excerpt.js'
import { sentenceOf } from '../diagnosis/sentences.js'
import { splitMessages } from '../diagnosis/split-messages.js'
import { describeMessage } from '../message-json/describe-message.js'

/** `offhook parse`: a message as JSON, or why it is none. */
export const parse: Command = {
  name: 'parse',
  summary: 'show a SIP message as JSON, or where it is broken',
  synopsis: '<file|->',
  options: {
    stream: { text: 'read messages one behind the other, as over TCP, each as long as its Content-Length says' },
  },
  notes: [
    'The file holds one message as it travels; - reads standard input. offhook build makes the same octets of the JSON again.',
    'A broken message gives line, column and what is wrong there, on standard error, and exit code 1.',
  ].join('\n'),
  async run({ args, report, terminal }: Invocation): Promise<ExitCode> {
    const [path = '-'] = args.exactly('<file>')
    const file = await readFileOrInput(path, 'parse', terminal)
    const isStream = args.flag('stream')
    let code: ExitCode = exitCode.success
    for (const { octets, offset } of isStream ? splitMessages(file) : [{ octets: file, offset: 0 }]) {
      const result = parseMessage(octets, { framing: isStream ? 'stream' : 'datagram' })
      if (result.ok) {
        const shown = describeMessage(result.value, octets)
        terminal.out(`${JSON.stringify(shown, undefined, report.json ? undefined : 2)}\n`)
      } else {
        code = exitCode.refused
        if (report.json) terminal.out(`${JSON.stringify(describeError(result.error, file, offset))}\n`)
        else terminal.err(errorText(result.error, path, file, offset))
      }
    }
    return code
  },
}

function describeError(error: ParseError, file: Uint8Array, start: number): object {
  const { code, message, offset, header, section, statusCode } = error
  return { event: 'error', code, message, offset: start + offset, ...placeOf(file, start + offset), ...(header === undefined ? {} : { header }), section, statusCode }
}

function errorText(error: ParseError, path: string, file: Uint8Array, start: number): string {
  const at = Math.min(start + error.offset, file.length)
  const { line, column } = placeOf(file, at)
  const head = `${path === '-' ? 'stdin' : path}:${line}:${column} error ${error.code}: ${sentenceOf(error)} (${error.section})`
  return `${[head, ...excerptOf(file, at, 1).map((each) => `  ${each}`)].join('\n')}\n`
}

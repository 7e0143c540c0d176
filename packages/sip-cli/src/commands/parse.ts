import { parseMessage } from '@offhook/sip-parser'
import type { ParseError, SipMessage } from '@offhook/sip-parser'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import { readNamedFile } from '../command-line/read-file.js'

/** `offhook parse`: a message as JSON, or why it is none. */
export const parse: Command = {
  name: 'parse',
  summary: 'show a SIP message as JSON, or where it is broken',
  synopsis: '<file|->',
  options: {
    stream: { text: 'read it as from a stream: Content-Length must be there and must fit' },
  },
  notes: 'The file holds one message as it travels; - reads standard input. A broken message gives the error with its offset in bytes and exit code 1.',
  async run({ args, report, terminal }: Invocation): Promise<ExitCode> {
    const [path = '-'] = args.exactly('<file>')
    const bytes = path === '-' ? await terminal.readInput() : await readNamedFile(path, 'parse')
    const result = parseMessage(bytes, { framing: args.flag('stream') ? 'stream' : 'datagram' })
    const shown = result.ok ? describeMessage(result.value) : describeParseError(result.error)
    terminal.out(report.json ? `${JSON.stringify(shown)}\n` : `${JSON.stringify(shown, undefined, 2)}\n`)
    return result.ok ? exitCode.success : exitCode.refused
  },
}

function describeParseError(error: ParseError): object {
  const { code, message, offset, header, section, statusCode } = error
  return { event: 'error', code, message, offset, ...(header === undefined ? {} : { header }), section, statusCode }
}

function describeMessage(message: SipMessage): object {
  const start =
    message.kind === 'request'
      ? { method: message.method, requestUri: message.requestUri.toString() }
      : { statusCode: message.statusCode, reasonPhrase: message.reasonPhrase }
  const { from, to, via, cseq, callId } = message
  return {
    event: 'message',
    kind: message.kind,
    ...start,
    from: { uri: from.uri.toString(), displayName: from.displayName, tag: from.tag },
    to: { uri: to.uri.toString(), displayName: to.displayName, tag: to.tag },
    callId,
    cseq: { sequence: cseq.sequence, method: cseq.method },
    via: { transport: via.transport, sentBy: via.sentBy, branch: via.branch },
    headers: [...message.headers].map(([name, value]) => ({ name, value })),
    ...describeBody(message.body),
    diagnostics: message.diagnostics,
  }
}

/** The body as text where it is text, else in base64. */
function describeBody(body: Uint8Array): object {
  if (body.length === 0) return {}
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(body) }
  } catch {
    return { bodyBase64: Buffer.from(body).toString('base64') }
  }
}

import { parseMessage } from '@offhook/sip-parser'
import type { Severity } from '@offhook/sip-parser'
import { validateMessage } from '@offhook/sip-parser/lint'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import { readFileOrInput } from '../command-line/read-file.js'
import { UsageError } from '../command-line/usage-error.js'
import { excerptOf, placeOf } from '../diagnosis/excerpt.js'
import { sentenceOf } from '../diagnosis/sentences.js'
import { splitMessages } from '../diagnosis/split-messages.js'

/** What was found, at an offset in the file. */
interface Finding {
  readonly code: string
  readonly severity: Severity
  readonly offset: number
  readonly length?: number | undefined
  readonly header?: string | undefined
  readonly section?: string | undefined
}

/** `offhook lint`: what is wrong with SIP messages. */
export const lint: Command = {
  name: 'lint',
  summary: 'say what is wrong with a SIP message, and where',
  synopsis: '<file|-> … [options]',
  options: {
    strict: { text: 'exit with 1 for warnings, too' },
    stream: { text: 'a file holds messages one behind the other, as over TCP, each as long as its Content-Length says' },
  },
  notes: [
    'A file holds one message as it travels; - reads standard input. Every finding is a line file:line:column severity code: sentence (section to read),',
    'the line it is about, and carets below the text at fault. The codes do not change; the rules are listed in the README of @offhook/sip-parser.',
    'Exit code 0 without errors, 1 with errors. A file whose lines end without CR, as editors write them, is checked as if they had one.',
  ].join('\n'),
  async run({ args, report, terminal }: Invocation): Promise<ExitCode> {
    if (args.positionals.length === 0) throw new UsageError('<file> is missing')
    if (args.positionals.filter((path) => path === '-').length > 1) throw new UsageError('standard input can be read once')
    const counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 }
    let messages = 0
    for (const path of args.positionals) {
      const file = withLineEnds(await readFileOrInput(path, 'lint', terminal))
      const parts = args.flag('stream') ? splitMessages(file.octets) : [{ octets: file.octets, offset: 0 }]
      messages += parts.length
      const found = [...file.findings, ...parts.flatMap(({ octets, offset }) => examine(octets, args.flag('stream')).map((each) => ({ ...each, offset: each.offset + offset })))]
      for (const finding of found) {
        counts[finding.severity]++
        terminal.out(report.json ? jsonLine(path, file.octets, finding) : textLines(path, file.octets, finding))
      }
    }
    const summary = [counted(counts.error, 'error'), counted(counts.warning, 'warning'), counted(counts.note, 'note')].join(', ')
    report.event('summary', { files: args.positionals.length, messages, errors: counts.error, warnings: counts.warning, notes: counts.note }, `${summary} in ${counted(messages, 'message')}`)
    return counts.error > 0 || (args.flag('strict') && counts.warning > 0) ? exitCode.refused : exitCode.success
  },
}

/** An editor turns CRLF into LF everywhere: one note about it says more than what follows from it. */
function withLineEnds(octets: Uint8Array): { octets: Uint8Array; findings: readonly Finding[] } {
  const feed = octets.indexOf(10)
  if (feed < 0 || octets.includes(13)) return { octets, findings: [] }
  return {
    octets: Buffer.from(Buffer.from(octets).toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
    findings: [{ code: 'bare-line-feed', severity: 'note', offset: feed, section: 'RFC 3261 §7.3.1' }],
  }
}

/** What is wrong with one message; why it cannot be read is an error, too. */
function examine(octets: Uint8Array, isStream: boolean): readonly Finding[] {
  const limits = { maxMessageBytes: octets.length, maxHeaderBytes: octets.length, maxBodyBytes: octets.length }
  const result = parseMessage(octets, { framing: isStream ? 'stream' : 'datagram', limits })
  if (result.ok) return validateMessage(result.value, octets)
  const { code, offset, header, section } = result.error
  return [{ code, severity: 'error', offset: Math.min(offset, octets.length), header, section }]
}

function textLines(path: string, octets: Uint8Array, finding: Finding): string {
  const { line, column } = placeOf(octets, finding.offset)
  const section = finding.section === undefined ? '' : ` (${finding.section})`
  const head = `${nameOf(path)}:${line}:${column} ${finding.severity} ${finding.code}: ${sentenceOf(finding)}${section}`
  return `${[head, ...excerptOf(octets, finding.offset, finding.length ?? 1).map((each) => `  ${each}`)].join('\n')}\n`
}

function jsonLine(path: string, octets: Uint8Array, finding: Finding): string {
  const { severity, code, header, section, offset, length } = finding
  return `${JSON.stringify({ event: 'diagnostic', file: path, ...placeOf(octets, offset), offset, length, severity, code, header, section, message: sentenceOf(finding) })}\n`
}

function nameOf(path: string): string {
  return path === '-' ? 'stdin' : path
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

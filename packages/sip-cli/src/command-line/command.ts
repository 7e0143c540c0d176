import type { Arguments, OptionTable } from './arguments.js'
import type { ExitCode } from './exit-code.js'
import type { Report } from './report.js'
import type { Terminal } from './terminal.js'

/** What a command is started with. */
export interface Invocation {
  readonly args: Arguments
  readonly report: Report
  readonly terminal: Terminal
}

/** One word after `offhook`. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What stands after the name, such as `<uri> [options]`. */
  readonly synopsis: string
  readonly options: OptionTable
  /** Examples and what else is worth knowing, for `--help`. */
  readonly notes?: string
  run(invocation: Invocation): Promise<ExitCode>
}

/** Options that every command has. */
export const commonOptions: OptionTable = {
  json: { text: 'one JSON object a line on standard output, for programs' },
  help: { short: 'h', text: 'this text' },
}

/** The text of `offhook <command> --help`. */
export function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, ...commonOptions }).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `
    const head = `${short}--${name}${option.value === undefined ? '' : ` ${option.value}`}`
    return { head, text: `${option.text}${option.repeatable === true ? ' (repeatable)' : ''}` }
  })
  const column = Math.max(...rows.map((row) => row.head.length)) + 2
  const lines = rows.map((row) => `  ${row.head.padEnd(column)}${row.text}`)
  const notes = command.notes === undefined ? [] : ['', command.notes]
  return [`offhook ${command.name} ${command.synopsis}`, `  ${command.summary}`, '', ...lines, ...notes, ''].join('\n')
}

import { Arguments, nearest } from './command-line/arguments.js'
import { commonOptions, helpOf } from './command-line/command.js'
import type { Command } from './command-line/command.js'
import { CommandError } from './command-line/command-error.js'
import { exitCode } from './command-line/exit-code.js'
import type { ExitCode } from './command-line/exit-code.js'
import { Report } from './command-line/report.js'
import type { Terminal } from './command-line/terminal.js'
import { UsageError } from './command-line/usage-error.js'

/** Each command is loaded when it is asked for: the others cost no time at the start. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.js')).serve,
  call: async () => (await import('./commands/call.js')).call,
  answer: async () => (await import('./commands/answer.js')).answer,
  register: async () => (await import('./commands/register.js')).register,
  message: async () => (await import('./commands/message.js')).message,
  options: async () => (await import('./commands/options.js')).options,
  parse: async () => (await import('./commands/parse.js')).parse,
  build: async () => (await import('./commands/build.js')).build,
  lint: async () => (await import('./commands/lint.js')).lint,
}

/** Runs one command line (without the program's name) and gives the exit code. Never rejects. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = words
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal[name === undefined ? 'err' : 'out'](await overview())
    return name === undefined ? exitCode.usage : exitCode.success
  }
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined
  if (load === undefined) {
    const guess = nearest(name, Object.keys(loaders))
    terminal.err(`offhook: there is no command "${name}"${guess === undefined ? '' : `; did you mean ${guess}?`} See offhook --help\n`)
    return exitCode.usage
  }
  const command = await load()
  // Before the command line is understood, its errors already have to come in the form that it asks for.
  const report = new Report(terminal, rest.includes('--json'))
  try {
    const args = Arguments.parse({ ...command.options, ...commonOptions }, rest)
    if (args.flag('help')) {
      terminal.out(helpOf(command))
      return exitCode.success
    }
    return await command.run({ args, report, terminal })
  } catch (error) {
    return reportFailure(error, command, report)
  }
}

function reportFailure(error: unknown, command: Command, report: Report): ExitCode {
  if (error instanceof UsageError) {
    report.failure(error.code, `${command.name}: ${error.message}. Usage: offhook ${command.name} ${command.synopsis}`)
    return exitCode.usage
  }
  if (error instanceof CommandError) {
    report.failure(error.code, error.message)
    return error.exitCode
  }
  const { code, message: text } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: String(error) }
  report.failure(code ?? 'unexpected', `${command.name}: ${text}`)
  return exitCode.environment
}

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(loaders).map((load) => load()))
  const column = Math.max(...commands.map((command) => command.name.length)) + 2
  return [
    'offhook <command> [options]   SIP calls from the command line',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(column)}${command.summary}`),
    '',
    'offhook <command> --help tells the options of a command; every command takes --json.',
    'Exit codes: 0 done, 1 the other side refused or did not answer, or the message is broken, 2 wrong usage, 3 this machine or the network is in the way.',
    '',
  ].join('\n')
}

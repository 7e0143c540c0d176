export { run } from './run.js'
export { exitCode } from './command-line/exit-code.js'
export type { ExitCode } from './command-line/exit-code.js'
export type { Terminal } from './command-line/terminal.js'

import type { Terminal } from './terminal.js'

/** The values of an event; absent ones are left out. */
export type EventFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** Tells what happens: with `--json` one JSON object a line on standard output, else one sentence a line. */
export class Report {
  readonly #terminal: Terminal
  readonly json: boolean

  constructor(terminal: Terminal, json: boolean) {
    this.#terminal = terminal
    this.json = json
  }

  /** `event` is for machines, `sentence` for people. */
  event(event: string, fields: EventFields, sentence: string): void {
    this.#terminal.out(this.json ? `${JSON.stringify({ event, ...fields })}\n` : `${printable(sentence)}\n`)
  }

  /** More lines about the event before, for people only. */
  details(lines: readonly string[]): void {
    if (!this.json) for (const line of lines) this.#terminal.out(`  ${printable(line)}\n`)
  }

  /** One line on standard error, and an `error` event for machines. */
  failure(code: string, message: string): void {
    if (this.json) this.#terminal.out(`${JSON.stringify({ event: 'error', code, message })}\n`)
    this.#terminal.err(`offhook: ${printable(message)}\n`)
  }

  /** A word to the person that changes nothing: standard error, and a `warning` event for machines. */
  warning(code: string, message: string): void {
    if (this.json) this.#terminal.out(`${JSON.stringify({ event: 'warning', code, message })}\n`)
    else this.#terminal.err(`offhook: ${printable(message)}\n`)
  }
}

/** What a peer sent must not move the cursor or colour the terminal of the person who reads it. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

import { parseArgs } from 'node:util'
import { UsageError } from './usage-error.js'

/** One option of a command, as it is parsed and as `--help` shows it. */
export interface Option {
  /** What stands for the value in `--help`, such as `<seconds>`; an option without it is a flag. */
  readonly value?: string
  /** May be given more than once. */
  readonly repeatable?: true
  readonly short?: string
  readonly text: string
}

/** The options of a command by name, without the leading dashes. */
export type OptionTable = Readonly<Record<string, Option>>

/** The words of a command line after the command's name, taken apart. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]

  private constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#values = values
    this.positionals = positionals
  }

  /** Reads `words` by `table`. @throws {@link UsageError} for an unknown option or a missing value. */
  static parse(table: OptionTable, words: readonly string[]): Arguments {
    const options = Object.fromEntries(
      Object.entries(table).map(([name, option]) => [
        name,
        {
          type: option.value === undefined ? ('boolean' as const) : ('string' as const),
          multiple: option.repeatable ?? false,
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    )
    try {
      const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
      return new Arguments(values, positionals)
    } catch (error) {
      throw new UsageError(explainParseFailure(error, table))
    }
  }

  flag(name: string): boolean {
    return this.#values[name] === true
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    return typeof value === 'string' ? value : undefined
  }

  /** Every value of a repeatable option, in order. */
  texts(name: string): string[] {
    const value = this.#values[name]
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
  }

  /** A number within bounds; `unit` names it in the complaint. */
  number(name: string, unit: string, lowest: number, highest: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (value >= lowest && value <= highest) return value
    throw new UsageError(`--${name} takes ${unit} from ${lowest} to ${highest}, not "${text}"`)
  }

  /** Like {@link number}, whole numbers only. */
  integer(name: string, unit: string, lowest: number, highest: number): number | undefined {
    const value = this.number(name, unit, lowest, highest)
    if (value === undefined || Number.isInteger(value)) return value
    throw new UsageError(`--${name} takes whole ${unit}, not "${value}"`)
  }

  /** The positional words, exactly as many as `names`. */
  exactly(...names: string[]): string[] {
    const missing = names[this.positionals.length]
    if (missing !== undefined) throw new UsageError(`${missing} is missing`)
    const extra = this.positionals[names.length]
    if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many${names.length === 0 ? '' : `; quote a ${names.at(-1) ?? 'text'} that has spaces`}`)
    return [...this.positionals]
  }
}

function explainParseFailure(error: unknown, table: OptionTable): string {
  const { code, message } = error as NodeJS.ErrnoException
  const option = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const guess = nearest(option.replace(/^-+/, ''), Object.keys(table))
    return `there is no option ${option}${guess === undefined ? '' : `; did you mean --${guess}?`}`
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    const value = table[option.replace(/^-+/, '')]?.value
    return value === undefined ? `${option} takes no value` : `${option} needs its ${value}`
  }
  return message.split('\n')[0] ?? message
}

/** The one of `names` that is at most two typing mistakes away from `word`. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const ranked = names.map((name) => ({ name, distance: editDistance(word, name) })).sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= 2 && best.distance < word.length ? best.name : undefined
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replace, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

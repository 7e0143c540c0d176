// A scenario is a block of text: what the actors do, and below, indented, what is to be seen of it. See README.md beside.

/** What is to be seen, by name: `wire`, an actor, `lossy …`; and how the actors are set up: `media …`, `options …`. */
export interface Scenario {
  readonly title: string
  readonly script: string
  readonly lines: ReadonlyMap<string, string>
}

/** Deeds of one moment, and the milliseconds that pass before the next. */
export interface Moment {
  readonly deeds: readonly string[]
  readonly pause: number
}

/** Reads a table: blocks between empty lines. A block that begins with `#` heads the blocks below it. */
export function scenariosOf(table: string): Scenario[] {
  const scenarios: Scenario[] = []
  let heading = ''
  for (const block of table.split(/\n\s*\n/)) {
    const lines = block.split('\n').filter((line) => line.trim() !== '')
    const [first] = lines
    if (first === undefined) continue
    if (first.startsWith('#')) heading = first.replace(/^#+\s*/, '')
    const body = lines.filter((line) => !line.startsWith('#'))
    const script = body.filter((line) => !/^\s/.test(line)).join('; ')
    if (script === '') continue
    const facts = body.filter((line) => /^\s/.test(line)).map((line) => {
      const [, name = '', text = ''] = /^\s+(.*?)(?:\s*:\s+|\s*:$)(.*)$/.exec(line) ?? []
      if (name === '') throw new SyntaxError(`Not a fact: ${line}`)
      return [name, text.trim()] as const
    })
    scenarios.push({ title: `${heading}: ${script}`, script, lines: new Map(facts) })
  }
  return scenarios
}

/** Reads a script: `;` parts moments, `&` deeds of one moment, a number alone is a pause in ms. */
export function momentsOf(script: string): Moment[] {
  return script.split(';').map((moment) => moment.trim()).filter((moment) => moment !== '').map((moment) => {
    if (/^\d+$/.test(moment)) return { deeds: [], pause: Number(moment) }
    return { deeds: moment.split('&').map((deed) => deed.trim()), pause: 0 }
  })
}

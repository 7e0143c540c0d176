import { rules } from './grammar.js'

/** The mark of the first line break in a run of blanks; the next ones follow, those of the fourth and later ones are the same. */
export const FIRST_BREAK = 0x2000

/** What is matched, and what was seen on the way. */
export interface Scan {
  readonly text: string
  /** The farthest place where something else was wanted: where the fault is, when there is one. */
  furthest: number
}

/** Where what starts at `at` ends, or -1. What is matched is never given back, so that no text takes more than a few passes. */
export type Rule = (scan: Scan, at: number) => number

const notations: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(rules.trim().split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf('=') + 2)]))
const named = /* @__PURE__ */ new Map<string, Rule>([['comment', matchComment]])

/** The rule of this name or notation, made when it is first asked for. */
export function ruleOf(name: string): Rule {
  const rule = named.get(name) ?? compile(notations.get(name) ?? name)
  named.set(name, rule)
  return rule
}

/** Makes a rule of its notation, see `rules`. */
function compile(notation: string): Rule {
  const parts = notation.match(/"[^"]*"|\/(?:\\.|[^/])+\/i?|[()|?*+#]|[\w-]+/g) ?? []
  let next = 0
  const choice = (): Rule => {
    const ways = [sequence()]
    for (; parts[next] === '|'; ways.push(sequence())) next++
    return ways.reduce(either)
  }
  const sequence = (): Rule => {
    let rule = repeated(single())
    while (next < parts.length && parts[next] !== '|' && parts[next] !== ')') rule = both(rule, repeated(single()))
    return rule
  }
  const single = (): Rule => {
    const part = parts[next++] ?? ''
    if (part === '(') {
      const rule = choice()
      next++
      return rule
    }
    if (part.startsWith('"')) return pattern(part.slice(1, -1).replaceAll(/\W/g, '\\$&'), 'iy')
    const [, source, flags] = /^\/(.+)\/(i?)$/.exec(part) ?? []
    if (source !== undefined) return pattern(source, `y${flags ?? ''}`)
    return ruleOf(part)
  }
  const repeated = (rule: Rule): Rule => {
    switch (parts[next++]) {
      case '?': return (scan, at) => Math.max(at, rule(scan, at))
      case '*': return repeat(rule)
      case '+': return both(rule, repeat(rule))
      case '#': return repeated(both(rule, repeat(both(ruleOf('COMMA'), rule))))
      default: next--
    }
    return rule
  }
  return choice()
}

function either(one: Rule, other: Rule): Rule {
  return (scan, at) => {
    const end = one(scan, at)
    return end < 0 ? other(scan, at) : end
  }
}

function both(one: Rule, other: Rule): Rule {
  return (scan, at) => {
    const end = one(scan, at)
    return end < 0 ? end : other(scan, end)
  }
}

function repeat(rule: Rule): Rule {
  return (scan, at) => {
    let end = at
    for (let further = rule(scan, end); further > end; further = rule(scan, end)) end = further
    return end
  }
}

function pattern(source: string, flags: string): Rule {
  const expression = new RegExp(source, flags)
  return (scan, at) => {
    expression.lastIndex = at
    return expression.test(scan.text) ? expression.lastIndex : fail(scan, at)
  }
}

function fail(scan: Scan, at: number): number {
  scan.furthest = Math.max(scan.furthest, at)
  return -1
}

/** Comments nest: counted, so that no depth exhausts the stack. */
function matchComment(scan: Scan, at: number): number {
  let end = ruleOf('LPAREN')(scan, at)
  for (let depth = 1; depth > 0 && end >= 0; end++) {
    end = ruleOf('ctext')(scan, end)
    const character = scan.text[end]
    if (character === '(') depth++
    else if (character === ')') depth--
    else return fail(scan, end)
  }
  return end < 0 ? end : ruleOf('END')(scan, end)
}

import type { Grammar, Node } from './abnf.js'

/**
 * Whether the whole text, one character per octet, is a sentence of the rule.
 *
 * apg-js can match, too, but takes the first alternative that fits and never comes back to it: by its reading of RFC 3261 `a.example` is no hostname.
 * ABNF says that an alternative which leads to the end counts. So every place where a part may end is followed here.
 */
export function recognizes(grammar: Grammar, rule: string, text: string): boolean {
  const number = grammar.numbers.get(rule)
  if (number === undefined) throw new TypeError(`no rule ${rule}`)
  const known = new Map<number, readonly number[]>()
  const width = text.length + 1
  const lower = text.toLowerCase()

  const ends = (node: Node, at: number): readonly number[] => {
    switch (node.kind) {
      case 'range': {
        const code = text.charCodeAt(at)
        return code >= node.from && code <= node.to ? [at + 1] : []
      }
      case 'text':
        return (node.exact ? text : lower).startsWith(node.text, at) ? [at + node.text.length] : []
      case 'choice':
        return merged(node.parts.map((part) => ends(part, at)))
      case 'sequence':
        return node.parts.reduce<readonly number[]>((places, part) => follow(part, places), [at])
      case 'repeat':
        return repeated(node.part, node.min, node.max, at)
      case 'rule': {
        const key = node.index * width + at
        const found = known.get(key)
        if (found !== undefined) return found
        const body = grammar.rules[node.index]
        const places = body === undefined || isBarred(grammar.barred.get(node.index), text, at) ? [] : ends(body, at)
        known.set(key, places)
        return places
      }
    }
  }
  const follow = (part: Node, places: readonly number[]): readonly number[] => {
    const [only] = places
    return places.length === 1 && only !== undefined ? ends(part, only) : merged(places.map((place) => ends(part, place)))
  }
  const repeated = (part: Node, min: number, max: number, at: number): readonly number[] => {
    let places: readonly number[] = [at]
    for (let count = 0; count < min; count++) places = follow(part, places)
    const all = new Set(places)
    for (let count = min; count < max && places.length > 0; count++) {
      places = follow(part, places).filter((place) => !all.has(place))
      for (const place of places) all.add(place)
    }
    return [...all]
  }
  return ends({ kind: 'rule', index: number }, 0).includes(text.length)
}

function merged(lists: readonly (readonly number[])[]): readonly number[] {
  const filled = lists.filter((list) => list.length > 0)
  return filled.length <= 1 ? (filled[0] ?? []) : [...new Set(filled.flat())]
}

function isBarred(pattern: RegExp | undefined, text: string, at: number): boolean {
  if (pattern === undefined) return false
  pattern.lastIndex = at
  return pattern.test(text)
}

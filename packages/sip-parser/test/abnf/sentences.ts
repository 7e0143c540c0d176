import { below, oneOf, type Random } from '../random.js'
import type { Grammar, Node } from './abnf.js'

/** Makes sentences of the rules of a grammar by chance, one character per octet. */
export class Sentences {
  readonly #grammar: Grammar
  readonly #random: Random
  /** How many rules deep the shallowest sentence of each rule is. */
  readonly #depths: number[]
  /** Octets that may still be spent on what need not be there. */
  #budget = 0

  constructor(grammar: Grammar, random: Random) {
    this.#grammar = grammar
    this.#random = random
    this.#depths = depthsOf(grammar)
  }

  /** One sentence of the rule, in the main not longer than `size`. */
  of(rule: string, size: number): string {
    const number = this.#grammar.numbers.get(rule)
    if (number === undefined) throw new TypeError(`no rule ${rule}`)
    this.#budget = size
    return this.#make({ kind: 'rule', index: number })
  }

  #make(node: Node): string {
    switch (node.kind) {
      case 'range': {
        this.#budget--
        return String.fromCharCode(this.#octet(node.from, node.to))
      }
      case 'text': {
        this.#budget -= node.text.length
        return node.exact || this.#random() < 0.8 ? node.text : Array.from(node.text, (letter) => (this.#random() < 0.5 ? letter.toUpperCase() : letter)).join('')
      }
      case 'choice':
        return this.#make(this.#choose(node.parts))
      case 'sequence':
        return node.parts.map((part) => this.#make(part)).join('')
      case 'repeat': {
        let out = ''
        let count = 0
        for (; count < node.min; count++) out += this.#make(node.part)
        // What stands in brackets comes every third time, what may come again does so less and less.
        const chance = node.max === 1 ? 0.35 : 0.55
        for (; count < node.max && this.#budget > 0 && this.#random() < chance; count++) out += this.#make(node.part)
        return out
      }
      case 'rule': {
        const rule = this.#grammar.rules[node.index]
        return rule === undefined ? '' : this.#make(rule)
      }
    }
  }

  #choose(parts: readonly Node[]): Node {
    if (this.#budget > 0) return oneOf(this.#random, parts)
    const depths = parts.map((part) => depthOf(part, this.#depths))
    return oneOf(this.#random, parts.filter((_, at) => depths[at] === Math.min(...depths)))
  }

  /** Letters and digits more often than their share, the two ends of the range too. */
  #octet(from: number, to: number): number {
    if (this.#random() < 0.15) return this.#random() < 0.5 ? from : to
    return from + below(this.#random, to - from + 1)
  }
}

function depthsOf({ rules }: Grammar): number[] {
  const depths = rules.map(() => Infinity)
  for (let changed = true; changed; ) {
    changed = false
    rules.forEach((rule, at) => {
      const depth = 1 + depthOf(rule, depths)
      if (depth >= (depths[at] ?? 0)) return
      depths[at] = depth
      changed = true
    })
  }
  return depths
}

function depthOf(node: Node, depths: readonly number[]): number {
  switch (node.kind) {
    case 'choice': return Math.min(...node.parts.map((part) => depthOf(part, depths)))
    case 'sequence': return Math.max(0, ...node.parts.map((part) => depthOf(part, depths)))
    case 'repeat': return node.min === 0 ? 0 : depthOf(node.part, depths)
    case 'rule': return depths[node.index] ?? Infinity
    default: return 0
  }
}

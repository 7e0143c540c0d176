import apg, { type Opcode } from 'apg-js'

/** A rule as a tree. */
export type Node =
  | { readonly kind: 'choice' | 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number }
  | { readonly kind: 'rule'; readonly index: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  /** `exact`: the case of letters counts. */
  | { readonly kind: 'text'; readonly text: string; readonly exact: boolean }

export interface Grammar {
  readonly rules: readonly Node[]
  /** Number of a rule, by its name in lower case. */
  readonly numbers: ReadonlyMap<string, number>
  /** Rules that do not hold where the text goes on like this; sticky patterns. */
  readonly barred: ReadonlyMap<number, RegExp>
}

/** Reads ABNF (RFC 5234, 7405). Throws TypeError with what is wrong. */
export function readAbnf(text: string, barred: ReadonlyMap<string, RegExp> = new Map()): Grammar {
  const reader = new apg.apgApi(text)
  reader.generate()
  if (reader.errors.length > 0) throw new TypeError(reader.errorsToAscii())
  return {
    rules: reader.rules.map(({ opcodes }) => nodeOf(opcodes, 0)),
    numbers: new Map(reader.rules.map(({ name }, number) => [name.toLowerCase(), number])),
    barred: new Map(reader.rules.flatMap(({ name }, number) => {
      const pattern = barred.get(name.toLowerCase())
      return pattern === undefined ? [] : [[number, pattern]]
    })),
  }
}

/** The numbers that apg-js has for operators. */
const nodeMakers: Readonly<Record<number, (opcode: Opcode, list: readonly Opcode[], at: number) => Node>> = {
  1: ({ children = [] }, list) => ({ kind: 'choice', parts: children.map((child) => nodeOf(list, child)) }),
  2: ({ children = [] }, list) => ({ kind: 'sequence', parts: children.map((child) => nodeOf(list, child)) }),
  3: ({ min = 0, max = Infinity }, list, at) => ({ kind: 'repeat', part: nodeOf(list, at + 1), min, max }),
  4: ({ index = 0 }) => ({ kind: 'rule', index }),
  5: ({ min = 0, max = 0 }) => ({ kind: 'range', from: min, to: max }),
  6: ({ string = [] }) => ({ kind: 'text', text: String.fromCharCode(...string), exact: true }),
  7: ({ string = [] }) => ({ kind: 'text', text: String.fromCharCode(...string).toLowerCase(), exact: false }),
}

function nodeOf(list: readonly Opcode[], at: number): Node {
  const opcode = list[at]
  const make = opcode && nodeMakers[opcode.type]
  if (opcode === undefined || make === undefined) throw new TypeError(`operator ${String(opcode?.type)} of apg-js is not known`)
  return make(opcode, list, at)
}

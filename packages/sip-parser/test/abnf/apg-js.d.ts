/** What the tests use of apg-js, which brings no types. */
declare module 'apg-js' {
  /** One operator of a rule; which parts it has depends on `type`. */
  export interface Opcode {
    readonly type: number
    /** ALT, CAT: places of the operands in the list of the rule. */
    readonly children?: readonly number[]
    /** REP; TRG. `max` is Infinity when there is no bound. */
    readonly min?: number
    readonly max?: number
    /** RNM: number of the rule. */
    readonly index?: number
    /** TBS: octets as they are; TLS: lower-case octets, matched in any case. */
    readonly string?: readonly number[]
  }
  interface Rule {
    readonly name: string
    readonly opcodes: readonly Opcode[]
  }
  interface Reader {
    readonly errors: readonly { readonly line: number; readonly char: number; readonly msg: string }[]
    readonly rules: readonly Rule[]
    generate(): void
    errorsToAscii(): string
  }
  const library: { readonly apgApi: new (grammar: string) => Reader }
  export default library
}

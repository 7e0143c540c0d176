/** A case of the compliance suite saw something else than the contract of adapters says. */
export class ComplianceError extends Error {
  override readonly name = 'ComplianceError'
  /** `differs`: the adapter did something else. `too-slow`: it did nothing. `cannot-run`: the subject is not what the case needs. */
  readonly code: 'differs' | 'too-slow' | 'cannot-run'

  constructor(code: ComplianceError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Compares plain values, as their JSON. @throws {ComplianceError} `differs` */
export function mustEqual(what: string, actual: unknown, expected: unknown): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (seen !== wanted) throw new ComplianceError('differs', `${what}: expected ${wanted}, got ${seen}.`)
}

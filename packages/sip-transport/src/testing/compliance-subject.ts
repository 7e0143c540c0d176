import type { AdapterFactory, Target } from '../adapter.js'

/** An adapter under test. Listening and dialling may be two different ones, as with a browser and its server. */
export interface ComplianceSubject {
  readonly listening: () => AdapterFactory
  readonly dialling: () => AdapterFactory
  /** The address to listen at and to dial. */
  readonly host: string
  /** More for the target, such as the name to verify. */
  readonly target?: Partial<Target>
  /** What means nothing here, each with the reason. */
  readonly skips?: Partial<Record<ComplianceTopic, string>>
}

/** What some adapters cannot show: `refused` a dial that nobody takes, `peerAddress` the address that the dialling side has. */
export type ComplianceTopic = 'refused' | 'peerAddress'

/** One case of the suite, for any test runner. */
export interface ComplianceCase {
  readonly name: string
  /** Why it is not run. */
  readonly skipped?: string
  /** Rejects with a {@link ComplianceError} when the adapter does something else, or for 10,000 ms nothing. */
  readonly run: () => Promise<void>
}

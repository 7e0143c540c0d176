import type { ComplianceStage } from './compliance-stage.js'
import type { ComplianceTopic } from './compliance-subject.js'

/** What a case is before it meets a subject. */
export interface Scenario {
  readonly name: string
  /** `connections` means nothing to datagrams. */
  readonly needs?: readonly (ComplianceTopic | 'connections')[]
  readonly run: (stage: ComplianceStage) => Promise<void>
}

import { adapterCompliance } from '@offhook/sip-transport/testing'
import type { ComplianceSubject } from '@offhook/sip-transport/testing'
import { describe, it } from 'vitest'

/** The compliance suite as tests of this runner. */
export function adapterSuite(name: string, subject: ComplianceSubject): void {
  describe(`adapter contract: ${name}`, { timeout: 30_000 }, () => {
    for (const { name: title, skipped, run } of adapterCompliance(subject)) {
      if (skipped === undefined) it(title, run)
      else it.skip(`${title}: ${skipped}`)
    }
  })
}

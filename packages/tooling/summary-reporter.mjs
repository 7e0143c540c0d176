// A vitest reporter beside the default one: names every skipped test's reason once, and leaves the counts
// in the file that OFFHOOK_SUMMARY names, for verify.mjs to add up.
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    const reasons = new Map()
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state in counts) counts[result.state] += 1
        if (result.state !== 'skipped') continue
        const reason = result.note ?? /skipped: (.+)/.exec(test.name)?.[1] ?? `${test.fullName.split(' > ')[0]} (${module.relativeModuleId})`
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    for (const [reason, count] of reasons) console.log(`skipped ${count}: ${reason}`)
    if (process.env.OFFHOOK_SUMMARY) writeFileSync(process.env.OFFHOOK_SUMMARY, JSON.stringify(counts))
  }
}

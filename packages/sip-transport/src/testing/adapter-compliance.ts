import { carryingScenarios } from './carrying-scenarios.js'
import { ComplianceStage } from './compliance-stage.js'
import type { ComplianceCase, ComplianceSubject } from './compliance-subject.js'
import { endingScenarios } from './ending-scenarios.js'
import { FlowRecorder } from './flow-recorder.js'
import { layerScenarios } from './layer-scenarios.js'
import type { Scenario } from './scenario.js'

/** How long one case may take, in milliseconds. */
const PATIENCE = 10_000

/**
 * What every adapter must do: the contract of `Adapter`, and messages through the layer above it. In real time.
 *
 * @example
 * for (const { name, skipped, run } of adapterCompliance({ listening: mine, dialling: mine, host: '127.0.0.1' })) {
 *   if (skipped === undefined) it(name, run)
 *   else it.skip(`${name}: ${skipped}`)
 * }
 */
export function adapterCompliance(subject: ComplianceSubject): readonly ComplianceCase[] {
  const isDatagram = subject.dialling()(new FlowRecorder()).framing === 'datagram'
  return [...carryingScenarios, ...endingScenarios, ...layerScenarios].map((scenario) => {
    const skipped = reasonToSkip(scenario, subject, isDatagram)
    return { name: scenario.name, ...(skipped === undefined ? {} : { skipped }), run: () => runOn(subject, scenario) }
  })
}

function reasonToSkip({ needs = [] }: Scenario, { skips }: ComplianceSubject, isDatagram: boolean): string | undefined {
  for (const need of needs) {
    if (need === 'connections' ? isDatagram : skips?.[need] !== undefined) return need === 'connections' ? 'datagrams have no connections' : skips?.[need]
  }
  return undefined
}

async function runOn(subject: ComplianceSubject, { run }: Scenario): Promise<void> {
  const stage = new ComplianceStage(subject)
  try {
    await Promise.race([run(stage), stage.tooLate(PATIENCE)])
  } finally {
    await stage.close()
  }
}

// Every scenario is played on a clean network, on one that loses 20 % and doubles 10 %, and over a reliable connection. On the first
// and the last what was sent and seen must be what the table says; on the lossy one the calls must end as it says.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TestNetworkOptions } from '../../src/testing/index.js'
import { scenariosOf } from './script.js'
import type { Scenario } from './script.js'
import { Stage } from './stage.js'

const folder = new URL('tables/', import.meta.url)
const tables = readdirSync(folder).sort().map((file) => ({ name: file.replace('.txt', ''), scenarios: scenariosOf(readFileSync(new URL(file, folder), 'utf8')) }))
const actors = ['alice', 'bob', 'carol']
const SEEDS = 3

const CLEAN: TestNetworkOptions = { transport: 'UDP' }
const RELIABLE: TestNetworkOptions = { transport: 'WS' }
const LOSSY: TestNetworkOptions = { transport: 'UDP', loss: 0.2, duplicate: 0.1 }

/** Plays a scenario where nothing is lost: the wire and all that the actors see is known. */
async function playExactly(scenario: Scenario, conditions: TestNetworkOptions): Promise<void> {
  const stage = new Stage(scenario, conditions)
  const sight = await stage.play(scenario.script)
  const reliable = conditions.transport === 'WS' ? 'reliable ' : ''
  const expected = (name: string): string | undefined => scenario.lines.get(`${reliable}${name}`) ?? scenario.lines.get(name)
  const names = ['wire', ...actors.filter((name) => scenario.lines.has(name) || (sight.actors.get(name) ?? '') !== '')]
  const wanted = names.map((name) => `  ${name}: ${expected(name) ?? '(nothing told)'}`).join('\n')
  const got = names.map((name) => `  ${name}: ${name === 'wire' ? sight.wire : (sight.actors.get(name) ?? '')}`).join('\n')
  expect(got).toBe(wanted)
  await stage.expectNothingLeft()
}

/** Plays a scenario where messages are lost: how calls end is known. `lossy bob` gives other ends that may be, parted by `|`. */
async function playLossy(scenario: Scenario): Promise<void> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const stage = new Stage(scenario, { ...LOSSY, seed })
    const sight = await stage.play(scenario.script)
    for (const name of actors) {
      const told = [scenario.lines.get(name) ?? '', ...(scenario.lines.get(`lossy ${name}`)?.split('|') ?? [])].map(endsIn)
      expect(told, `${name}, seed ${seed}: ${sight.actors.get(name) ?? ''}`).toContain(endsIn(sight.actors.get(name) ?? ''))
    }
    await stage.expectNothingLeft()
  }
}

/** How calls ended, in what an actor saw. */
function endsIn(seen: string): string {
  return (seen.match(/ended\([^)]*\)/g) ?? []).sort().join(' ')
}

describe.each(tables)('$name', ({ scenarios }) => {
  it.each(scenarios)('$script', async (scenario) => {
    await playExactly(scenario, CLEAN)
    await playExactly(scenario, RELIABLE)
    if (!scenario.lines.has('not lossy')) await playLossy(scenario)
  })
})

it('there are at least 300 scenarios', () => {
  expect(tables.flatMap(({ scenarios }) => scenarios).length).toBeGreaterThanOrEqual(300)
})

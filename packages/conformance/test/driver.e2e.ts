// SIPp answers a caller that holds, sends digits, or lets the other side offer: what the library does and the command has no option for.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeWith } from './support/peers.js'
import { Sipp } from './support/sipp.js'

const driver = fileURLToPath(new URL('support/driver.ts', import.meta.url))
const port = 16070

const cases = [
  { scenario: 'hold_uas', plan: 'hold' },
  { scenario: 'passive_uas', plan: 'hold' },
  { scenario: 'glare_uas', plan: 'hold-once' },
  { scenario: 'lateoffer_uas', plan: 'offerless' },
  { scenario: 'info_uas', plan: 'digit' },
]

describeWith(['sipp', 'scripts'], 'SIPp scenarios that a UserAgent calls', (place) => {
  const runs = cases.flatMap((entry) => (['u1', 't1'] as const).map((transport) => ({ ...entry, transport })))

  it.each(runs)('$scenario $transport: $plan', async ({ scenario, plan, transport }) => {
    const uas = new Sipp(place(), { scenario, port, transport })
    await place().listening(port)
    const client = place().run([process.execPath, driver, plan, `sip:bob@127.0.0.1:${port}${transport === 't1' ? ';transport=tcp' : ''}`], { name: `driver ${plan}` })
    const [ending, verdict] = await Promise.all([client.end(), uas.verdict()])
    const story = `${client.output}\n${verdict.complaint}`
    expect(verdict, story).toMatchObject({ code: 0, failed: 0 })
    expect(ending.code, story).toBe(0)
    expect(client.output).not.toContain('"ok":false')
  })
})

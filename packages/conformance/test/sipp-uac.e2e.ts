// SIPp places calls; `offhook answer` takes them.
import { expect, it } from 'vitest'
import { answering, offhook } from './support/offhook.js'
import { describeWith } from './support/peers.js'
import { Sipp, referIs200 } from './support/sipp.js'

describeWith(['sipp'], 'SIPp’s own UAC places 2,000 calls at 100/s', (place) => {
  it('over UDP, TCP and IPv6 at the same time, none failed and nothing unexpected', { timeout: 120_000 }, async () => {
    const server = offhook(place(), ['answer', '--listen', 'udp:127.0.0.1:5060', '--listen', 'tcp:127.0.0.1:5060', '--listen', 'udp:[::1]:5060'])
    await place().listening(5060)
    const load = { scenario: 'uac', calls: 2000, rate: 100, limit: 60 }
    const runs = [
      new Sipp(place(), { ...load, target: '127.0.0.1:5060', port: 6000 }),
      new Sipp(place(), { ...load, target: '127.0.0.1:5060', port: 6200, transport: 't1' }),
      new Sipp(place(), { ...load, target: '[::1]:5060', port: 6400, host: '::1' }),
    ]
    for (const verdict of await Promise.all(runs.map((run) => run.verdict(90_000)))) {
      expect(verdict, verdict.complaint).toMatchObject({ code: 0, successful: 2000, failed: 0, unexpected: 0 })
    }
    await server.stop()
  })
})

interface Case {
  readonly scenario: string
  /** Of `offhook answer`. */
  readonly answer?: readonly string[]
  /** Of SIPp. */
  readonly extra?: readonly string[]
  /** Whether TCP plays it too; a scenario that loses packets cannot. */
  readonly udpOnly?: boolean
  /** Whether the scenario acknowledges a refusal in a way that no transaction matches, so that it comes again over UDP. */
  readonly tcpOnly?: boolean
  readonly adapt?: (scenario: string) => string
}

const cases: readonly Case[] = [
  { scenario: 'call_uac', extra: ['-d', '300'] },
  { scenario: 'passive_uac', answer: ['--hangup-after', '0.5'] },
  { scenario: 'hold_uac', extra: ['-d', '200'] },
  { scenario: 'cancel_uac', answer: ['--ring', '3000'], extra: ['-d', '200'] },
  { scenario: 'reject_uac', answer: ['--status', '486'] },
  { scenario: 'lateoffer_uac', extra: ['-d', '200'] },
  { scenario: 'info_uac' },
  { scenario: 'prack_uac', answer: ['--ring', '300', '--early-media'], extra: ['-d', '200'] },
  { scenario: 'prack_uac', answer: ['--ring', '300', '--early-media', '--100rel', 'required'], extra: ['-d', '200'] },
  { scenario: 'early_uac', answer: ['--ring', '300', '--early-media'], extra: ['-d', '200'] },
  { scenario: 'early_uac', answer: ['--ring', '300', '--early-media', '--100rel', 'none'], extra: ['-d', '200'] },
  { scenario: 'timer422_uac', answer: ['--min-se', '120', '--session-expires', '120', '--update-after', '0.5'], extra: ['-d', '200'], tcpOnly: true },
  { scenario: 'passive_uac', answer: ['--reinvite-after', '0.3', '--update-after', '0.6', '--hangup-after', '1'] },
  { scenario: 'refer_uac', adapt: referIs200 },
  { scenario: 'options_uac' },
  { scenario: 'message_uac' },
  { scenario: 'lost_ack_uac', extra: ['-nr', '-d', '200'], udpOnly: true },
  { scenario: 'lost_ack486_uac', answer: ['--status', '486'], extra: ['-nr'], udpOnly: true },
]

describeWith(['sipp', 'scripts'], 'SIPp scenarios that call `offhook answer`', (place) => {
  const runs = cases.flatMap((entry) => [...(entry.tcpOnly === true ? [] : [{ ...entry, transport: 'u1' as const }]), ...(entry.udpOnly === true ? [] : [{ ...entry, transport: 't1' as const }])])

  it.each(runs)('$scenario $transport', async ({ scenario, answer = [], extra = [], transport, adapt }) => {
    const server = await answering(place(), answer)
    const run = new Sipp(place(), { scenario, target: '127.0.0.1:5060', port: 16080, transport, ...(adapt !== undefined && { adapt }), extra: ['-s', 'bob', '-au', 'alice', '-ap', 'alice-pw', ...extra] })
    const verdict = await run.verdict()
    expect(verdict, `${verdict.complaint}\n${server.output.slice(-2000)}`).toMatchObject({ code: 0, failed: 0 })
  })
})

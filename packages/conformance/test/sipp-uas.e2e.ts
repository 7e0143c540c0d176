// SIPp answers; `offhook call`, `register`, `message` and `options` ask.
import { expect, it } from 'vitest'
import { offhook } from './support/offhook.js'
import { describeWith } from './support/peers.js'
import { Sipp, referIs200 } from './support/sipp.js'

const port = 16070

interface Case {
  readonly scenario: string
  readonly command: readonly string[]
  /** What the command's exit must be: 0 for done, other for refused. */
  readonly code?: number
  readonly extra?: readonly string[]
  readonly udpOnly?: boolean
  readonly adapt?: (scenario: string) => string
}

const alice = ['--user', 'alice', '--password', 'alice-pw']
const target = `sip:bob@127.0.0.1:${port}`
const call = (...args: readonly string[]): readonly string[] => ['call', target, ...args]

const cases: readonly Case[] = [
  { scenario: 'uas', command: call('--duration', '0.3') },
  { scenario: 'call_uas', command: call('--duration', '0.3') },
  { scenario: 'auth_uas', command: call('--duration', '0.3', ...alice) },
  { scenario: 'call_uas_bye', command: call('--duration', '10'), extra: ['-d', '300'] },
  { scenario: 'passive_uas', command: call('--duration', '0.3') },
  { scenario: 'early_uas', command: call('--duration', '0.3'), extra: ['-d', '300'] },
  { scenario: 'prack_uas', command: call('--duration', '0.3') },
  { scenario: 'prack_uas', command: call('--duration', '0.3', '--100rel', 'required') },
  { scenario: 'timer_uas', command: call('--duration', '2.5', '--session-expires', '90') },
  { scenario: 'lateoffer_uas', command: call('--duration', '0.3', '--offerless') },
  { scenario: 'hold_uas', command: call('--duration', '1.5', '--hold-after', '0.3', '--resume-after', '0.8') },
  { scenario: 'glare_uas', command: call('--duration', '6', '--hold-after', '0.2') },
  { scenario: 'passive_uas', command: call('--duration', '1.5', '--reinvite-after', '0.3', '--update-after', '0.8') },
  { scenario: 'refer_uas', command: call('--refer-to', 'sip:carol@127.0.0.1:16099') },
  // To where nobody is: this SIPp plays one call only.
  { scenario: 'refer_by_uas', command: call('--duration', '10'), adapt: (text) => referIs200(text).replace('sip:carol@[local_ip]:[local_port]', 'sip:carol@[local_ip]:9;transport=tcp') },
  { scenario: 'hold_by_uas', command: call('--duration', '10') },
  { scenario: 'busy_uas', command: call(), code: 1 },
  { scenario: 'redirect_uas', command: call(), code: 1 },
  { scenario: 'cancel_uas', command: call('--cancel-after', '0.3'), code: 1 },
  { scenario: 'cancel_race_uas', command: call('--cancel-after', '0.3'), code: 1 },
  { scenario: 'fork2xx_uas', command: call('--duration', '1'), extra: ['-nr'], udpOnly: true },
  { scenario: 'lost_invite_uas', command: call('--duration', '0.3'), extra: ['-nr'], udpOnly: true },
  { scenario: 'lost_200_uas', command: call('--duration', '0.3'), udpOnly: true },
  { scenario: 'lost_ack_uas', command: call('--duration', '1.5'), extra: ['-nr'], udpOnly: true },
  { scenario: 'lost_bye_uas', command: call('--duration', '0.3'), extra: ['-nr'], udpOnly: true },
  { scenario: 'register_uas', command: ['register', 'sip:alice@sip.test', '--registrar', `sip:127.0.0.1:${port}`, '--expires', '60', ...alice] },
  { scenario: 'message_uas', command: ['message', target, 'Good morning'] },
  { scenario: 'options_uas', command: ['options', target] },
]

describeWith(['sipp', 'scripts'], 'SIPp scenarios that offhook calls', (place) => {
  const runs = cases.flatMap((entry) => [{ ...entry, transport: 'u1' as const }, ...(entry.udpOnly === true ? [] : [{ ...entry, transport: 't1' as const }])])

  it.each(runs)('$scenario $transport', async ({ scenario, command, code = 0, extra = [], transport, adapt }) => {
    const uas = new Sipp(place(), { scenario, port, transport, extra, ...(adapt !== undefined && { adapt }) })
    await place().listening(port)
    // The target is the one argument with a port of SIPp's in it; over TCP the URI says so.
    const args = command.map((word) => (transport === 't1' && word.startsWith('sip:') && word.endsWith(String(port)) ? `${word};transport=tcp` : word))
    const client = offhook(place(), args)
    const [ending, verdict] = await Promise.all([client.end(), uas.verdict()])
    const story = `${client.name}\n${client.output.slice(-2000)}\n${verdict.complaint}`
    expect(verdict, story).toMatchObject({ code: 0, failed: 0 })
    expect(ending.code === 0 ? 0 : 1, story).toBe(code)
  })
})

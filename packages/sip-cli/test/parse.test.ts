import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommand } from './support/run-command.js'

const invite = [
  'INVITE sip:bob@example.com SIP/2.0', 'v: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776', 'From: "Alice" <sip:alice@example.com>;tag=1928', 'To: <sip:bob@example.com>',
  'Call-ID: a84b4c76e66710', 'CSeq: 314159 INVITE', 'Max-Forwards: 70', 'Content-Type: text/plain', 'Content-Length: 2', '', 'hi',
].join('\r\n')

describe('offhook parse', () => {
  it('shows a message as JSON, from standard input or from a file', async () => {
    const { code, out } = await runCommand(['parse', '-', '--json'], invite)
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(out)).toMatchObject({
      event: 'message', kind: 'request', method: 'INVITE', requestUri: 'sip:bob@example.com', callId: 'a84b4c76e66710', cseq: { sequence: 314159, method: 'INVITE' },
      from: { uri: 'sip:alice@example.com', displayName: 'Alice', tag: '1928' }, via: { transport: 'UDP', sentBy: '192.0.2.1:5060', branch: 'z9hG4bK776' }, body: 'hi',
    })
    const folder = mkdtempSync(join(tmpdir(), 'offhook-parse-'))
    try {
      writeFileSync(join(folder, 'invite.sip'), invite)
      const fromFile = await runCommand(['parse', join(folder, 'invite.sip')])
      expect(JSON.parse(fromFile.out)).toEqual(JSON.parse(out))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('says where a message is broken, and exits with 1', async () => {
    const { code, out } = await runCommand(['parse', '-', '--json'], invite.replace('314159 INVITE', 'many INVITE'))
    expect(code).toBe(1)
    const error = JSON.parse(out) as { event: string; offset: number; message: string }
    expect(error.event).toBe('error')
    expect(error.message).not.toBe('')
    expect(error.offset).toBeGreaterThan(0)
    expect(error.offset).toBeLessThan(invite.length)
  })

  it('reads as a stream when told so', async () => {
    const late = invite.replace('Content-Length: 2', 'Content-Length: 9')
    expect((await runCommand(['parse', '-', '--stream'], late)).code).toBe(1)
  })

  it('shows bytes that are no text in base64', async () => {
    const head = new TextEncoder().encode(invite.slice(0, -2))
    const { out } = await runCommand(['parse', '-'], Uint8Array.of(...head, 0xff, 0xfe))
    expect(JSON.parse(out)).toMatchObject({ bodyBase64: '//4=' })
  })

  it('says what to do about a file that is not there', async () => {
    const { code, err } = await runCommand(['parse', '/nowhere/message.sip'])
    expect(code).toBe(3)
    expect(err).toBe('offhook: parse: /nowhere/message.sip does not exist; check the path\n')
  })
})

describe('offhook', () => {
  it.each([
    [['--help'], 0, /serve .*\n.*call/s],
    [['call', '--help'], 0, /--duration <seconds>/],
    [['serve', '--help'], 0, /--auth <name:password>.*\(repeatable\)/],
  ])('%j', async (words, code, text) => {
    const printed = await runCommand(words)
    expect(printed.code).toBe(code)
    expect(printed.out).toMatch(text)
  })

  it.each([
    [[], /offhook <command>/],
    [['sreve'], /^offhook: there is no command "sreve"; did you mean serve\? See offhook --help\n$/],
    [['call'], /^offhook: call: <uri> is missing. Usage: offhook call <uri> \[options\]\n$/],
    [['call', 'sip:a@b', '--durations', '3'], /did you mean --duration\?/],
    [['call', 'mailto:a@b'], /is no sip: or sips: address/],
    [['call', 'sip:a@127.0.0.1', '--duration', 'soon'], /--duration takes seconds from 0 to 86400, not "soon"/],
    [['answer', '--listen', 'sctp:1'], /--listen takes udp:, tcp:/],
    [['answer'], /--listen is missing/],
    [['serve', '--auth', 'alice'], /--auth takes name:password/],
    [['serve', '--origin', 'example'], /--origin takes the start of a web address/],
    [['message', 'sip:a@127.0.0.1', 'two', 'words'], /quote a <text> that has spaces/],
  ])('%j is wrong usage, said in one line', async (words, text) => {
    const { code, out, err } = await runCommand(words)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(text)
    if (words.length > 0) expect(err.match(/\n/g)).toHaveLength(1)
  })

  it('tells errors as JSON when asked to', async () => {
    const { out } = await runCommand(['call', '--json'])
    expect(JSON.parse(out)).toMatchObject({ event: 'error', code: 'usage' })
  })
})

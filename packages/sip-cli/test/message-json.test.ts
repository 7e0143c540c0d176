import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseMessage } from '@offhook/sip-parser'
import { buildMessage } from '../src/message-json/build-message.js'
import { describeMessage } from '../src/message-json/describe-message.js'
import { runCommand } from './support/run-command.js'

const root = fileURLToPath(new URL('../../../../shared/torture/', import.meta.url))
const hasCorpus = existsSync(root)
if (!hasCorpus) console.warn('skipped: ../shared/torture is not here, JSON is not tried on sample messages')

function filesUnder(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(`${folder}/${entry.name}`) : entry.name.endsWith('.dat') ? [`${folder}/${entry.name}`] : [])
}

const message = [
  'MESSAGE sip:bob@example.com SIP/2.0', 'v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK776', 'From: <sip:alice@example.com>;tag=1928', 'To: <sip:bob@example.com>',
  'Call-ID: 1', 'CSeq: 1 MESSAGE', 'Max-Forwards: 70', 'Subject:folded', '  here', 'Content-Type: text/plain', 'Content-Length: 7', '', 'Gr\u00fc\u00dfe',
].join('\r\n')

describe('offhook parse and offhook build', () => {
  it('give back the octets that were parsed', async () => {
    for (const words of [['parse', '-'], ['parse', '-', '--json'], ['parse', '-', '--stream']]) {
      const { out } = await runCommand(words, message)
      expect(JSON.parse(out)).toMatchObject({ event: 'message', headers: expect.arrayContaining([{ name: 'Subject', value: 'folded here', raw: 'Subject:folded\r\n  here\r\n' }]) as unknown })
      const built = await runCommand(['build', '-'], out)
      expect(built).toMatchObject({ code: 0, out: '', err: '' })
      expect(Buffer.from(built.octets).toString()).toBe(message)
    }
  })
  it('write what was changed in the JSON, with the size of the new body', async () => {
    const { out } = await runCommand(['parse', '-'], message)
    const json = { ...(JSON.parse(out) as object), requestUri: 'sip:carol@example.com', body: 'hello, world' }
    const { octets } = await runCommand(['build', '-'], JSON.stringify(json))
    expect(Buffer.from(octets).toString()).toBe(message.replace('bob@example.com SIP', 'carol@example.com SIP').replace('Content-Length: 7', 'Content-Length: 12').replace('Gr\u00fc\u00dfe', 'hello, world'))
  })
  it('work on many messages, one a line', async () => {
    const { out } = await runCommand(['parse', '-', '--stream', '--json'], message + message)
    expect(out.trimEnd().split('\n')).toHaveLength(2)
    expect(Buffer.from((await runCommand(['build', '-'], out)).octets).toString()).toBe(message + message)
  })
  it.each([
    ['bare line feeds', Buffer.from(message.replaceAll('\r\n', '\n'))],
    ['octets that are not UTF-8', Buffer.from(message.replace('Subject:folded', 'Subject: \u00e4').replace('Length: 7', 'Length: 5'), 'latin1')],
    ['CRLF before the start line', Buffer.from(`\r\n\r\n${message}`)],
    ['blanks in the start line', Buffer.from(message.replace('MESSAGE ', 'MESSAGE  '))],
    ['a body that is not text', Buffer.concat([Buffer.from(message.slice(0, -5)), Buffer.from([255, 254, 0, 1, 2, 3, 4])])],
    ['octets after the body', Buffer.from(`${message}more`)],
  ])('keep %s', async (_, octets) => {
    const { out } = await runCommand(['parse', '-'], octets)
    expect(Buffer.compare((await runCommand(['build', '-'], out)).octets, octets)).toBe(0)
  })
  it.skipIf(!hasCorpus)('give back every sample message, and few of them need the octets in base64', () => {
    let octetsNeeded = 0
    let messages = 0
    for (const file of [...filesUnder('flows'), ...filesUnder('wild'), ...filesUnder('rfc4475'), ...filesUnder('rfc5118')]) {
      const octets = readFileSync(root + file)
      const result = parseMessage(octets)
      if (!result.ok) continue
      const json: unknown = JSON.parse(JSON.stringify(describeMessage(result.value, octets)))
      messages++
      if ((json as { octets?: string }).octets !== undefined) octetsNeeded++
      expect(Buffer.compare(buildMessage(json), octets), file).toBe(0)
    }
    expect(messages).toBeGreaterThan(1500)
    expect(octetsNeeded).toBeLessThan(60)
  })
  it.each([
    ['[]', 'a message is a JSON object, as offhook parse prints it'],
    ['{"kind":"call"}', 'kind is request or response'],
    ['{"kind":"request"}', 'method is missing'],
    ['{"kind":"request","method":"A B","requestUri":"sip:a"}', 'method is a token, not "A B"'],
    ['{"kind":"request","method":"BYE","requestUri":"sip:a SIP/2.0\\r\\nX: y"}', 'requestUri has a line end in it'],
    ['{"kind":"response","statusCode":99}', 'statusCode is a number from 100 to 699'],
    ['{"kind":"response","statusCode":200,"headers":[{"name":"X","value":"a\\r\\nY: b"}]}', 'X has a line end in it'],
    ['{"kind":"response","statusCode":200,"headers":[{"name":"X","value":"a","raw":"X: a\\r\\nY: b\\r\\n"}]}', 'raw of X is more than one header field'],
    ['{"kind":"response","statusCode":200,"headers":[{"value":"a"}]}', 'the name of a header field is a token, not undefined'],
    ['{"kind":"response","statusCode":200,"headers":[]}', 'the JSON gives no SIP message: Via: missing header (byte 16)'],
    ['{"kind":', 'this is no JSON: '],
  ])('build refuses %s in one line', async (json, complaint) => {
    const { code, octets, err } = await runCommand(['build', '-'], json)
    expect(code).toBe(1)
    expect(octets).toHaveLength(0)
    expect(err).toContain(`offhook: build: ${complaint}`)
    expect(err.match(/\n/g)).toHaveLength(1)
  })
})

describe('offhook parse, a message that cannot be read', () => {
  it('says where, and underlines it', async () => {
    expect(await runCommand(['parse', '-'], message.replace('CSeq: 1 MESSAGE', 'CSeq: one MESSAGE'))).toMatchObject({
      code: 1, out: '', err: 'stdin:6:7 error header-value: CSeq is not what the grammar allows (RFC 3261 §20.16)\n  6 | CSeq: one MESSAGE\n    |       ^\n',
    })
  })
  it('gives line and column as JSON', async () => {
    const { code, out } = await runCommand(['parse', '-', '--json'], 'hello\r\n\r\n')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ event: 'error', code: 'start-line', line: 1, column: 1 })
  })
})

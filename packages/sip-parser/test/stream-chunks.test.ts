import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type FramedItem, parseMessage, StreamFramer } from '../src/index.js'
import { filesUnder, hasCorpus, readCorpus } from './corpus.js'
import { growth } from './growth.js'
import { bytesOf, optionsWith, textOf } from './samples.js'

/** What a stream gave, but for how often a CRLF was told: a cut between two CRLFs makes a pong of the first. */
function told(items: readonly FramedItem[]): string[] {
  return items.flatMap((item) => {
    if (item.type === 'message') return [textOf(item.bytes)]
    return item.type === 'error' ? [`${item.error.code} at ${item.error.offset}, ${item.error.request?.callId ?? 'no request'}`] : []
  })
}

function inChunks(bytes: Uint8Array, size: number): FramedItem[] {
  const framer = new StreamFramer()
  const items: FramedItem[] = []
  for (let at = 0; at < bytes.length; at += size) items.push(...framer.push(bytes.subarray(at, at + size)))
  return items
}

const following = optionsWith(['l: 5', 'Subject: next'], undefined, 'a\r\nb\n')
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

describe.runIf(hasCorpus)('RFC 3261 §18.3, any chunking: every message of the RFCs and of the field', () => {
  const files = hasCorpus ? ['rfc4475', 'rfc5118', 'rfc6216', 'flows', 'wild'].flatMap((folder) => filesUnder(folder)) : []
  it('there are more than 1,600', () => expect(files.length).toBeGreaterThan(1_600))
  it('in chunks of every size, another message behind it', () => {
    for (const file of files) {
      const bytes = joined(readCorpus(file), bytesOf(following))
      const once = told(new StreamFramer().push(bytes))
      // Every size for the short ones, for long ones those that cut at different places: beyond half the length each makes two chunks.
      for (let size = 1; size < bytes.length; size += 1 + Math.floor(size / 12)) expect(told(inChunks(bytes, size)), `${file} in chunks of ${size}`).toEqual(once)
    }
  }, 120_000)
  it('cut in two at every place', () => {
    for (const file of files.filter((_, at) => at % 16 === 0)) {
      const bytes = readCorpus(file)
      const once = told(new StreamFramer().push(bytes))
      for (let cut = 0; cut <= bytes.length; cut++) {
        const framer = new StreamFramer()
        expect(told([...framer.push(bytes.subarray(0, cut)), ...framer.push(bytes.subarray(cut))]), `${file} cut at ${cut}`).toEqual(once)
      }
    }
  }, 120_000)
  it('what is cut out can be read, if it can be read at all', () => {
    for (const file of files) {
      const bytes = readCorpus(file)
      const whole = parseMessage(bytes, { framing: 'stream' })
      const first = new StreamFramer().push(bytes).find((item) => item.type === 'message')
      // Without the empty line a stream has to wait for more.
      if (whole.ok && !whole.value.diagnostics.some(({ code }) => code === 'no-empty-line')) expect(first?.type, file).toBe('message')
      if (first?.bytes.length === bytes.length) expect(parseMessage(first.bytes, { framing: 'stream' }).ok, file).toBe(whole.ok)
    }
  })
})

describe('every chunk size, messages with keep-alives between them', () => {
  const text = `\r\n\r\n${following}\r\n${optionsWith()}\r\n\r\n\r\n${optionsWith(['Content-Length: 0'])}${following}`
  const messages = [following, optionsWith(), optionsWith(['Content-Length: 0']), following]
  it('gives the same messages', () => {
    for (let size = 1; size <= text.length; size++) expect(told(inChunks(bytesOf(text), size)), `in chunks of ${size}`).toEqual(messages)
  })
  it('RFC 5626 §3.5.1, §4.4.1: a ping is a ping, a pong a pong, at any place of the stream', () => {
    for (const [chunks, expected] of [
      [['\r\n\r\n'], ['ping']], [['\r\n'], ['pong']], [['\r', '\n\r\n'], ['ping']], [['\r\n\r', '\n'], ['pong', 'pong', 'ping']], [['\r\n', '\r\n'], ['pong', 'pong', 'ping']],
      [[following, '\r\n\r\n', following], ['message', 'ping', 'message']], [[`${following}\r\n`, following], ['message', 'pong', 'message']],
    ] as const) {
      const framer = new StreamFramer()
      expect(chunks.flatMap((chunk) => framer.push(bytesOf(chunk)).map(({ type }) => type)), JSON.stringify(chunks)).toEqual(expected)
      expect(framer.buffered).toBe(0)
    }
  })
  it('after a message that cannot be framed: one error, then silence, whatever the chunks', () => {
    const broken = bytesOf(following + optionsWith(['Content-Length: 5, 5'], undefined, 'abcde') + following)
    for (let size = 1; size <= broken.length; size++) {
      const items = inChunks(broken, size)
      expect(items.map(({ type }) => type), `in chunks of ${size}`).toEqual(['message', 'error'])
      expect(items.at(-1)).toMatchObject({ error: { code: 'content-length', header: 'Content-Length', request: { callId: 'a84b4c76e66710@pc33.atlanta.com' } } })
    }
  })
})

describe('threats: CRLFCRLF rescan linear, limits before allocation', () => {
  const limits = { maxMessageBytes: 1e9, maxHeaderBytes: 1e9, maxHeaderFields: 1e9, maxBodyBytes: 1e9 }
  const shapes: Readonly<Record<string, readonly [chunk: number, text: (size: number) => string]>> = {
    'keep-alives in one push': [Infinity, (size) => '\r\n'.repeat(size / 2)],
    'keep-alives octet by octet': [1, (size) => '\r\n'.repeat(size / 2)],
    'messages in one push': [Infinity, (size) => following.repeat(size / following.length)],
    'messages in pushes of a message and a half': [Math.floor(following.length * 1.5), (size) => following.repeat(size / following.length)],
    'a body octet by octet': [1, (size) => optionsWith([`Content-Length: ${size}`]) + 'x'.repeat(size)],
    'a header section octet by octet': [1, (size) => `OPTIONS sip:a@b SIP/2.0\r\n${'X: y\r\n'.repeat(size / 6)}`],
    'one line octet by octet': [1, (size) => `OPTIONS sip:${'a'.repeat(size)}`],
    'bare CR octet by octet': [1, (size) => `OPTIONS ${'\r'.repeat(size)}`],
    'line ends that are not the end, octet by octet': [1, (size) => `OPTIONS\r\n${' \r\n\t\r\n'.repeat(size / 6)}`],
  }
  it.each(Object.entries(shapes))('%s', (_, [chunk, text]) => {
    expect(growth((size) => {
      const bytes = bytesOf(text(size))
      return () => {
        const framer = new StreamFramer(limits)
        for (let at = 0; at < bytes.length; at += chunk) framer.push(bytes.subarray(at, at + chunk))
      }
    }, 100_000)).toBeLessThan(3.2)
  }, 120_000)
  it('slow senders: what waits takes at most a few times its bytes, whatever it announced', () => {
    const count = 2_000
    const waiting = bytesOf(optionsWith(['Content-Length: 65000'], undefined, 'abc'))
    // What is held counts, not what waits to be collected.
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const used = (): number => {
      collect()
      const { arrayBuffers, heapUsed } = process.memoryUsage()
      return arrayBuffers + heapUsed
    }
    const before = used()
    const framers = Array.from({ length: count }, () => {
      const framer = new StreamFramer()
      for (let at = 0; at < waiting.length; at += 100) framer.push(waiting.subarray(at, at + 100))
      return framer
    })
    const after = used()
    expect(framers.reduce((size, { buffered }) => size + buffered, 0)).toBe(count * waiting.length)
    expect((after - before) / (count * waiting.length)).toBeLessThan(12)
  })
})

import { describe, expect, it } from 'vitest'
import { contentType as contentTypeField } from '../../src/index.js'
import { type BodyPart, defaultMultipartLimits, type Multipart, parseMultipart } from '../../src/multipart/index.js'
import { growth } from '../growth.js'
import { bytesOf, textOf } from '../samples.js'

const lines = (...all: readonly string[]): string => all.join('\r\n')
const read = (text: string | Uint8Array, type = 'multipart/mixed;boundary=b', limits = {}): Multipart => {
  const result = parseMultipart(typeof text === 'string' ? bytesOf(text) : text, type, limits)
  if (!result.ok) throw result.error
  return result.value
}
const refused = (text: string, type = 'multipart/mixed;boundary=b', limits = {}): unknown => {
  const result = parseMultipart(bytesOf(text), type, limits)
  return result.ok ? 'was accepted' : result.error
}
const bodies = ({ parts }: Multipart): string[] => parts.map(({ body }) => textOf(body))
const codes = ({ diagnostics }: Multipart): string[] => diagnostics.map(({ code }) => code)
const tree = (part: Pick<BodyPart, 'multipart' | 'contentType'>): unknown => (part.multipart === undefined ? part.contentType.essence : part.multipart.parts.map(tree))

describe('RFC 2046 §5.1.1 common syntax', () => {
  it('the example of the section: preamble, epilogue, an implicit type, a last line end that counts and one that does not', () => {
    const multipart = read(lines(
      'This is the preamble.  It is to be ignored, though it', 'is a handy place.', '',
      '--simple boundary', '', 'This is implicitly typed plain US-ASCII text.', 'It does NOT end with a linebreak.',
      '--simple boundary', 'Content-type: text/plain; charset=us-ascii', '', 'This is explicitly typed plain US-ASCII text.', 'It DOES end with a linebreak.', '',
      '--simple boundary--', '', 'This is the epilogue.  It is also to be ignored.',
    ), 'multipart/mixed; boundary="simple boundary"')
    expect(bodies(multipart)).toEqual(['This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.', 'This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n'])
    expect(multipart.parts.map(({ contentType }) => contentType.essence)).toEqual(['text/plain', 'text/plain'])
    expect(multipart.parts[1]?.headers.read(contentTypeField)[0]?.parameters.get('charset')).toBe('us-ascii')
    expect(textOf(multipart.preamble)).toBe('This is the preamble.  It is to be ignored, though it\r\nis a handy place.\r\n')
    expect(textOf(multipart.epilogue)).toBe('\r\nThis is the epilogue.  It is also to be ignored.')
    expect(multipart.diagnostics).toEqual([])
  })
  it.each([
    ['simplebndry'], ['gc0pJq0M:08jU534c0p', '"'], ["a b'()+_,-./:=?c", '"'], ['-'], ['---', '"'], ['x'.repeat(70)], ['x'.repeat(300)], ['.*[a-z]+$^', '"'], ['__proto__'],
  ])('boundary %s', (boundary, quote = '') => {
    expect(bodies(read(lines(`--${boundary}`, '', 'one', `--${boundary} \t`, '', 'two', `--${boundary}--\t `, ''), `multipart/mixed;boundary=${quote}${boundary}${quote}`))).toEqual(['one', 'two'])
  })
  it('an escaped quote in a boundary', () => {
    expect(bodies(read(lines('--a"b', '', 'one', '--a"b--'), 'multipart/mixed;boundary="a\\"b"'))).toEqual(['one'])
  })
  it('blanks at the end of the parameter are not of the boundary', () => {
    expect(bodies(read(lines('--b', '', 'one', '--b--'), 'multipart/mixed; boundary="b  "'))).toEqual(['one'])
  })
  it('text that only looks like a delimiter is content', () => {
    const content = lines('-- b', '--', '--bb', '--b x', ' --b', '--B', '-b', 'x--b', '--b--x', '--b-', '--b---')
    expect(bodies(read(lines('--b', '', content, '--b--')))).toEqual([content])
  })
  it('empty parts and bodies', () => {
    expect(bodies(read('--b\r\n\r\n\r\n--b\r\n\r\n--b\r\n--b\r\nA: b\r\n--b\r\nA: b\r\n\r\n--b--'))).toEqual(['', '', '', '', ''])
  })
  it('octets are kept: NUL, CR, bytes above 127', () => {
    const content = Uint8Array.of(0, 13, 0, 10, 255, 254, 13, 13, 10, 45, 45)
    const multipart = read(new Uint8Array([...bytesOf('--b\r\nContent-Type: application/octet-stream\r\n\r\n'), ...content, ...bytesOf('\r\n--b--')]))
    expect(multipart.parts[0]?.body).toEqual(content)
  })
  it('bodies are views: nothing is copied', () => {
    const bytes = bytesOf('--b\r\n\r\nabc\r\n--b--')
    const [part] = read(bytes).parts
    expect(part?.body.buffer).toBe(bytes.buffer)
  })
  it('§5.1.5: in a digest the default type is message/rfc822', () => {
    expect(tree({ multipart: read(lines('--b', '', 'a', '--b', 'Content-Type: text/html', '', 'c', '--b--'), 'multipart/digest;boundary=b'), contentType: undefined as never })).toEqual(['message/rfc822', 'text/html'])
  })
  it('§5.1.2: bodies inside bodies, an outer delimiter ends an inner body that has none', () => {
    const inner = lines('--bb', 'Content-Type: application/sdp', '', 'v=0', '--bb', 'Content-Type: text/plain', '', 'cut')
    const multipart = read(lines('--b', 'Content-Type: multipart/alternative; boundary=bb', '', inner, '--b', 'Content-Type: text/html', '', 'x', '--b--'))
    expect(multipart.parts.map(tree)).toEqual([['application/sdp', 'text/plain'], 'text/html'])
    expect(bodies(multipart.parts[0]?.multipart ?? multipart)).toEqual(['v=0', 'cut'])
    expect(multipart.diagnostics).toMatchObject([{ code: 'no-close-delimiter', severity: 'error', section: 'RFC 2046 §5.1.1' }])
  })
})

describe('the header fields of a part', () => {
  const head = (...fields: readonly string[]): BodyPart => {
    const [part] = read(lines('--b', ...fields, '', 'body', '--b--')).parts
    if (part === undefined) throw new TypeError('no part')
    return part
  }
  it('RFC 5621 §8.1, RFC 3261 §20.11: disposition and handling, and what they are when absent', () => {
    expect(head('Content-Disposition: Signal ;handling=Optional')).toMatchObject({ disposition: 'signal', handling: 'optional' })
    expect(head('Content-Type: application/SDP')).toMatchObject({ disposition: 'session', handling: 'required' })
    expect(head('c: text/plain')).toMatchObject({ disposition: 'render', handling: 'required' })
    expect(head('Content-Disposition: attachment;handling=mystery')).toMatchObject({ disposition: 'attachment', handling: 'required' })
  })
  it('what cannot be read counts as absent, its text stays (RFC 2045 §5.2)', () => {
    const part = head('Content-Type: nonsense', 'Content-Disposition: ;;')
    expect(part).toMatchObject({ disposition: 'render', handling: 'required' })
    expect(part.contentType.essence).toBe('text/plain')
    expect(part.headers.get('Content-Type')).toBe('nonsense')
  })
  it('Content-ID, Content-Encoding, folded and unknown fields', () => {
    const part = head('Content-ID: <a@b>', 'Content-Encoding: GZIP, identity', 'Content-Transfer-Encoding: Base64', 'X-Odd:', '  folded', '\tvalue')
    expect(part).toMatchObject({ contentId: 'a@b', encodings: ['gzip', 'base64'] })
    expect(part.headers.get('X-Odd')).toBe('folded value')
    expect(head('Content-ID: bare@id').contentId).toBe('bare@id')
    expect(head('Content-Transfer-Encoding: 8bit')).toMatchObject({ contentId: undefined, encodings: [] })
  })
  it('the octets of a part are its header section and its body, as a signature covers them (RFC 1847 §2.1)', () => {
    expect(textOf(head('A:  b').bytes)).toBe('A:  b\r\n\r\nbody')
  })
  it('names such as __proto__ are names', () => {
    expect(head('__proto__: a', 'constructor: b').headers.get('constructor')).toBe('b')
  })
})

describe('RFC 5621 §7.1 multipart/related', () => {
  const related = (type: string): Multipart => read(lines('--b', 'Content-ID: <one@h>', '', '1', '--b', 'Content-ID: <two@h>', '', '2', '--b--'), `multipart/related;boundary=b${type}`)
  it.each([[';start="<two@h>"', '2'], [';start="two@h"', '2'], [';start="cid:two%40h"', '2'], ['', '1'], [';start="<none@h>"', '1']])('the root of %j', (type, body) => {
    expect(textOf(related(type).root?.body ?? new Uint8Array(0))).toBe(body)
  })
})

describe('tolerance', () => {
  it.each([
    ['no close delimiter', '--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n', ['one', 'two\r\n'], ['no-close-delimiter']],
    ['a delimiter at the end that opens nothing', '--b\r\n\r\none\r\n--b\r\n', ['one'], ['no-close-delimiter']],
    ['a delimiter at the end without line end', '--b\r\n\r\none\r\n--b', ['one'], ['no-close-delimiter']],
    ['no parts', '--b--\r\n', [], ['no-parts']],
    ['bare line feeds', '--b\nA: b\n\none\n\n--b\n\ntwo\n--b--\n', ['one\n', 'two'], []],
    ['no header section and no empty line', '--b\r\nHello, world\r\n--b--', ['Hello, world'], ['no-empty-line']],
    ['no empty line between header section and body', '--b\r\nA: b\r\n c\r\nI am a foo\r\n\r\nbody\r\n--b--', ['I am a foo\r\n\r\nbody'], ['no-empty-line']],
    ['a blank line that is not empty', '--b\r\nA: b\r\n \r\nbody\r\n--b--', ['body'], ['no-empty-line']],
    ['a colon without a name', '--b\r\n: b\r\n\r\nbody\r\n--b--', [': b\r\n\r\nbody'], ['no-empty-line']],
    ['a wrong Content-Length', '--b\r\nContent-Length: 99, 98\r\n\r\nbody\r\n--b--', ['body'], ['header-line']],
    ['two lengths', '--b\r\nContent-Length: 4\r\nl: 5\r\n\r\nbody\r\n--b--', ['body'], ['header-line']],
    ['an inner body without boundary', '--b\r\nContent-Type: multipart/mixed\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--', ['x', 'y'], ['multipart']],
    ['an inner body without delimiter', '--b\r\nContent-Type: multipart/mixed;boundary=i\r\n\r\nx\r\n--b--', ['x'], ['multipart']],
  ])('%s', (_, text, parts, expected) => {
    const multipart = read(text)
    expect(bodies(multipart)).toEqual(parts)
    expect(codes(multipart)).toEqual(expected)
    for (const { offset } of multipart.diagnostics) expect(offset).toBeLessThanOrEqual(text.length)
  })
  it('a compressed inner body is kept as it is', () => {
    const multipart = read(lines('--b', 'Content-Type: multipart/mixed;boundary=i', 'Content-Encoding: gzip', '', '--i', '', 'x', '--i--', '--b--'))
    expect(multipart.parts[0]).toMatchObject({ multipart: undefined, encodings: ['gzip'] })
    expect(multipart.diagnostics).toEqual([])
  })
})

describe('refusals', () => {
  it.each([
    ['no boundary parameter', '--b\r\n\r\n--b--', 'multipart/mixed', 'multipart'],
    ['an empty boundary', '--\r\n\r\n----', 'multipart/mixed;boundary=""', 'multipart'],
    ['a boundary with a line break', '--a\r\nb\r\n', 'multipart/mixed;boundary="a\r\nb"', 'multipart'],
    ['no delimiter', 'just text', 'multipart/mixed;boundary=b', 'multipart'],
    ['an empty body', '', 'multipart/mixed;boundary=b', 'multipart'],
    ['no media type', '--b\r\n\r\n--b--', 'multipart', 'header-value'],
    ['a control character before the colon', '--b\r\nA\u0001: b\r\n\r\n\r\n--b--', 'multipart/mixed;boundary=b', 'was accepted'],
    ['a CR inside a header line', '--b\r\nA: b\rC: d\r\n\r\n\r\n--b--', 'multipart/mixed;boundary=b', 'control-character'],
    ['NUL in a header line', '--b\r\nA: \0\r\n\r\n\r\n--b--', 'multipart/mixed;boundary=b', 'control-character'],
  ])('%s', (_, text, type, code) => {
    if (code === 'was accepted') expect(refused(text, type)).toBe(code)
    else expect(refused(text, type)).toMatchObject({ name: 'ParseError', code, statusCode: 400 })
  })
  const nested = (depth: number): string => (depth === 0 ? 'x' : lines(`--b${depth}`, `Content-Type: multipart/mixed;boundary=b${depth - 1}`, '', nested(depth - 1), `--b${depth}--`))
  it('threats, nested multipart: eight depths and no more', () => {
    expect(defaultMultipartLimits).toEqual({ maxDepth: 8, maxParts: 64 })
    // The innermost body has no delimiter any more: it is a leaf.
    expect(codes(read(nested(7), 'multipart/mixed;boundary=b7'))).toEqual(['multipart'])
    expect(refused(nested(8), 'multipart/mixed;boundary=b8')).toMatchObject({ code: 'too-deep', statusCode: 513 })
    expect(refused(nested(2), 'multipart/mixed;boundary=b2', { maxDepth: 1 })).toMatchObject({ code: 'too-deep' })
  })
  it('threats, nested multipart: 64 parts and no more, whatever the depth', () => {
    const parts = (count: number, boundary: string, type = ''): string => `${`--${boundary}\r\n${type}\r\n\r\n`.repeat(count)}--${boundary}--`
    expect(read(parts(64, 'b')).parts).toHaveLength(64)
    expect(refused(parts(65, 'b'))).toMatchObject({ code: 'too-many-parts', statusCode: 513 })
    const inside = lines('--o', 'Content-Type: multipart/mixed;boundary=b', '', parts(40, 'b'), '--o', 'Content-Type: multipart/mixed;boundary=b', '', parts(40, 'b'), '--o--')
    expect(refused(inside, 'multipart/mixed;boundary=o')).toMatchObject({ code: 'too-many-parts' })
    expect(read(inside, 'multipart/mixed;boundary=o', { maxParts: 100 }).parts).toHaveLength(2)
  })
  it('threats: the limit holds before anything is made of the parts behind it', () => {
    const body = bytesOf('--b\r\n\r\n'.repeat(300_000))
    const before = process.memoryUsage().heapUsed
    expect(parseMultipart(body, 'multipart/mixed;boundary=b')).toMatchObject({ ok: false, error: { code: 'too-many-parts' } })
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
  })
})

describe('threats, CVE-2026-45705 (OpenSIPS), CVE-2022-21723 (PJSIP), CVE-2026-110658 (Sofia), CVE-2026-41415 (PJSIP): nothing is read beyond the body', () => {
  const type = 'multipart/related;boundary=bound;start="<id@h>"'
  const whole = lines('pre', '--bound', 'Content-ID: <id@h>', 'Content-Type: multipart/mixed;boundary=in', '', '--in', '', 'x', '--in--', '--bound', '', 'y', '--bound--', 'post')
  it('cut anywhere, inside a larger buffer that goes on with a delimiter', () => {
    for (let size = 0; size <= whole.length; size++) {
      const buffer = bytesOf(`${whole.slice(0, size)}\r\n--bound\r\nContent-ID: <evil@h>\r\n\r\nevil\r\n--bound--`)
      const result = parseMultipart(buffer.subarray(0, size), type)
      if (!result.ok) continue
      const { parts, preamble, epilogue } = result.value
      const all = [preamble, epilogue, ...parts.map(({ bytes }) => bytes)]
      for (const { byteOffset, length } of all) expect(byteOffset + length).toBeLessThanOrEqual(size)
      expect(parts.some(({ contentId }) => contentId === 'evil@h')).toBe(false)
    }
  })
  it.each(['<', '>', '<>', '', '<a', 'a>', '<<a>>', `<${'a'.repeat(60_000)}>`])('Content-ID %.20j', (id) => {
    const multipart = read(lines('--b', `Content-ID: ${id}`, '', '--b--'), `multipart/related;boundary=b;start="${id}"`)
    expect(multipart.root).toBe(multipart.parts[0])
    expect(multipart.root?.withId(id) === multipart.root).toBe(true)
  })
})

describe('twice the size takes about twice the time, 2 MB of', () => {
  const boundary = 'b'.repeat(70)
  it.each([
    ['dashes', '-'], ['dash lines', '--\r\n'], ['line feeds', '\n'], ['CRLF', '\r\n'], ['CR', '\r'], ['the start of the boundary', `--${boundary.slice(0, 69)}\n`], ['the boundary with one letter more', `--${boundary}x\n`],
    ['the boundary in a line', ` --${boundary}`], ['the boundary and blanks', `--${boundary}${' '.repeat(200)}x\n`], ['header lines', 'A: b\r\n'], ['folded lines', 'A:\r\n \r\n\t\r\n'], ['tokens without colon', 'a \r\n'], ['blanks', ' '], ['colons', ':'],
  ])('%s', (_, unit) => {
    for (const around of [['', ''], [`--${boundary}\r\n\r\n`, ''], [`--${boundary}\r\n`, `\r\n--${boundary}--`]] as const) {
      const ratio = growth((size) => {
        const body = bytesOf(around[0] + unit.repeat(size / unit.length) + around[1])
        return () => {
          const start = performance.now()
          parseMultipart(body, `multipart/mixed;boundary=${boundary}`)
          expect(performance.now() - start).toBeLessThan(1000)
        }
      }, 1_000_000)
      expect(ratio).toBeLessThan(3.2)
    }
  }, 120_000)
  it('eight depths of dashes', () => {
    const ratio = growth((size) => {
      let body = '-'.repeat(size)
      let type = 'text/plain'
      for (let depth = 0; depth < 8; depth++) {
        body = `--b${depth}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n--b${depth}--`
        type = `multipart/mixed;boundary=b${depth}`
      }
      const bytes = bytesOf(body)
      return () => expect(parseMultipart(bytes, type).ok).toBe(true)
    }, 1_000_000)
    expect(ratio).toBeLessThan(3.2)
  }, 120_000)
})

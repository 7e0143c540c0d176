import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BuildError, createRequest, parseMessage, serializeMessage } from '../../src/index.js'
import { bodyOf, type CreatedBody, createMultipart, type Multipart, parseMultipart } from '../../src/multipart/index.js'
import { growth } from '../growth.js'
import { bytesOf, textOf } from '../samples.js'

const read = ({ body, contentType }: CreatedBody): Multipart => {
  // As a peer gets it: the type as text.
  const result = parseMultipart(body, String(contentType))
  if (!result.ok) throw result.error
  return result.value
}
const boundaryOf = ({ contentType }: CreatedBody): string => contentType.parameters.get('boundary') ?? ''

describe('createMultipart', () => {
  it('writes parts with their header fields, and the type that says where they end', () => {
    const created = createMultipart({ parts: [{ contentType: 'application/sdp', body: 'v=0\r\n' }, { headers: [['Content-ID', '<a@h>'], ['Content-Disposition', 'render;handling=optional']], body: 'größe' }] })
    expect(String(created.contentType)).toBe('multipart/mixed;boundary=offhook-000000')
    expect(textOf(created.body)).toBe('--offhook-000000\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--offhook-000000\r\nContent-ID: <a@h>\r\nContent-Disposition: render;handling=optional\r\n\r\ngröße\r\n--offhook-000000--\r\n')
  })
  it('is the body of a request', () => {
    const request = createRequest({
      method: 'INVITE', requestUri: 'sip:bob@h', headers: [['Via', 'SIP/2.0/TCP a;branch=z9hG4bK1'], ['From', '<sip:a@h>;tag=1'], ['To', '<sip:bob@h>'], ['Call-ID', '1'], ['CSeq', '1 INVITE']],
      ...createMultipart({ parts: [{ contentType: 'application/sdp', body: 'v=0\r\n' }, { contentType: 'application/pidf+xml', body: '<presence/>' }] }),
    })
    const result = parseMessage(serializeMessage(request), { framing: 'stream' })
    if (!result.ok) throw result.error
    expect(textOf(bodyOf(result.value, 'application/sdp')?.body ?? new Uint8Array(0))).toBe('v=0\r\n')
    expect(textOf(bodyOf(result.value, 'application/pidf+xml')?.body ?? new Uint8Array(0))).toBe('<presence/>')
  })
  it('RFC 2387 §3.1: related has the type of its root, unless it is given', () => {
    const parts = [{ contentType: 'application/rlmi+xml;charset="UTF-8"', body: '<list/>' }, { body: 'x' }]
    expect(String(createMultipart({ subtype: 'related', parts }).contentType)).toBe('multipart/related;boundary=offhook-000000;type="application/rlmi+xml"')
    expect(String(createMultipart({ subtype: 'related', parts, parameters: [['type', 'a/b'], ['start', '"<x@h>"']] }).contentType)).toBe('multipart/related;boundary=offhook-000000;type=a/b;start="<x@h>"')
  })
  it('nests: the outer boundary is another one', () => {
    const inner = createMultipart({ subtype: 'alternative', parts: [{ body: '1' }, { body: '2' }] })
    const outer = createMultipart({ parts: [inner, { body: '3' }] })
    expect(boundaryOf(outer)).not.toBe(boundaryOf(inner))
    expect(read(outer).parts.map(({ multipart, body }) => multipart?.parts.map((part) => textOf(part.body)) ?? textOf(body))).toEqual([['1', '2'], '3'])
  })
  it('a boundary stands nowhere in the parts, not even as the start of another text', () => {
    const hostile = Array.from({ length: 2000 }, (_, number) => `--offhook-${String(number).padStart(6, '0')}${number % 2 === 0 ? '' : 'x'}`).join('\r\n')
    const created = createMultipart({ parts: [{ body: hostile }, { headers: [['X', '--offhook-002000x']] }] })
    expect(boundaryOf(created)).toBe('offhook-002001')
    expect(textOf(read(created).parts[0]?.body ?? new Uint8Array(0))).toBe(hostile)
  })
  it.each(["a b'()+_,-./:=?c", 'x'.repeat(70), '0', 'gc0pJq0M:08jU534c0p'])('takes the boundary %s', (boundary) => {
    const created = createMultipart({ boundary, parts: [{ body: 'x' }] })
    expect(boundaryOf(created)).toBe(boundary)
    expect(read(created).parts).toHaveLength(1)
  })
  it.each(['', ' ', 'a ', 'x'.repeat(71), 'a"b', 'ä', 'a\r\nb', 'a;b', 'a\\b'])('refuses the boundary %j', (boundary) => {
    expect(() => createMultipart({ boundary, parts: [{ body: 'x' }] })).toThrow(expect.objectContaining({ name: 'BuildError', code: 'value', header: 'Content-Type' }) as Error)
  })
  it('refuses a boundary that stands in a part, no parts, and fields that may not be sent', () => {
    expect(() => createMultipart({ boundary: 'b', parts: [{ body: 'x\r\n--b' }] })).toThrow(BuildError)
    expect(() => createMultipart({ boundary: 'b', parts: [{ headers: [['A', '--bc']] }] })).toThrow(BuildError)
    expect(() => createMultipart({ parts: [] })).toThrow(BuildError)
    expect(() => createMultipart({ subtype: 'a b', parts: [{ body: 'x' }] })).toThrow(BuildError)
    for (const headers of [[['A', 'b\r\nC: d']], [['A\r\n', 'b']], [['A b', 'c']]] as const) expect(() => createMultipart({ parts: [{ headers }] })).toThrow(BuildError)
    expect(() => createMultipart({ parts: [{ contentType: 'a/b\r\n\r\n--x', body: '' }] })).toThrow(BuildError)
  })
  it('what is built reads back: octets, fields, order, depth', () => {
    const piece = fc.record({
      headers: fc.array(fc.tuple(fc.constantFrom('Content-ID', 'X-Other', 'Content-Language', 'Content-Encoding'), fc.string({ unit: fc.constantFrom(...'<>@;="a -') }).map((text) => text.trim())), { maxLength: 3 }),
      contentType: fc.constantFrom('text/plain', 'application/sdp', 'a/b;c="d"'),
      body: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.array(fc.constantFrom('-', '--', '\r', '\n', '\r\n', '--offhook-', '000000', '0', 'x', '\r\n\r\n'), { maxLength: 20 }).map((words) => bytesOf(words.join('')))),
    })
    const tree = fc.letrec<{ many: CreatedBody; one: { readonly contentType: unknown; readonly body: Uint8Array } }>((tie) => ({
      one: fc.oneof({ depthSize: 'small' }, piece, tie('many')),
      many: fc.array(tie('one') as fc.Arbitrary<{ readonly contentType: string; readonly body: Uint8Array }>, { minLength: 1, maxLength: 4 }).map((parts) => createMultipart({ parts })),
    })).many
    fc.assert(fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), tree, (pieces, nested) => {
      const flat = read(createMultipart({ subtype: 'alternative', parts: pieces }))
      expect(flat.diagnostics.filter(({ code }) => code !== 'multipart')).toEqual([])
      expect(flat.parts.map(({ body }) => body)).toEqual(pieces.map(({ body }) => body))
      flat.parts.forEach(({ headers }, at) => expect([...headers]).toEqual([...(pieces[at]?.headers ?? []), ['Content-Type', pieces[at]?.contentType]]))
      // Built of what was read it is the same again, octet for octet.
      expect(createMultipart({ parts: flat.parts }).body).toEqual(createMultipart({ parts: pieces }).body)
      const outer = parseMultipart(nested.body, nested.contentType, { maxParts: 10_000, maxDepth: 100 })
      expect(outer.ok && outer.value.diagnostics).toEqual([])
    }), { numRuns: 300 })
  }, 60_000)
  it('any octets as a multipart body: never a throw, and every octet belongs somewhere', () => {
    const words = fc.array(fc.constantFrom('--b', '--b--', '\r\n', '\n', '\r', ' ', '-', 'Content-Type: multipart/mixed;boundary=c', '--c', '--c--', 'A: b', ':', '\0', 'x', '\u00ff'), { maxLength: 40 })
    fc.assert(fc.property(words, (list) => {
      const bytes = bytesOf(list.join(''))
      const result = parseMultipart(bytes, 'multipart/mixed;boundary=b')
      if (!result.ok) return
      const { parts, preamble, epilogue } = result.value
      let at = preamble.byteOffset + preamble.length
      for (const part of parts) {
        expect(part.bytes.byteOffset).toBeGreaterThanOrEqual(at)
        at = part.bytes.byteOffset + part.bytes.length
        expect(part.body.byteOffset + part.body.length).toBe(at)
      }
      expect(epilogue.byteOffset).toBeGreaterThanOrEqual(at)
      expect(epilogue.byteOffset + epilogue.length).toBe(bytes.byteOffset + bytes.length)
    }), { numRuns: 2000 })
  }, 60_000)
  it.each(['-', '--offhook-', '--offhook-0', '\r\n--offhook-000000', 'x'])('twice %j takes about twice the time', (unit) => {
    expect(growth((size) => {
      const body = bytesOf(unit.repeat(size / unit.length))
      return () => createMultipart({ parts: [{ body }] })
    }, 500_000)).toBeLessThan(3.2)
  }, 120_000)
})

import { describe, expect, it } from 'vitest'
import { ParseError, parseMessage } from '../../src/index.js'
import { bodyOf, readBody, unsupportedBody } from '../../src/multipart/index.js'
import { filesUnder, hasCorpus, readCorpus } from '../corpus.js'
import { optionsWith, parsed, textOf } from '../samples.js'
import { derLength } from './der.js'

const sdp = 'application/sdp'
/** A body part, or several around a boundary, as a message's fields and body. */
interface Piece { readonly fields: readonly string[]; readonly body: string }
let next = 0
const leaf = (type: string, body: string, ...fields: readonly string[]): Piece => ({ fields: [`Content-Type: ${type}`, ...fields], body })
const many = (subtype: string, parts: readonly Piece[], ...fields: readonly string[]): Piece => {
  const boundary = `b${next++}`
  const body = parts.map((part) => `--${boundary}\r\n${part.fields.join('\r\n')}\r\n\r\n${part.body}\r\n`).join('') + `--${boundary}--\r\n`
  return { fields: [`Content-Type: multipart/${subtype};boundary=${boundary}`, ...fields], body }
}
const messageOf = ({ fields, body }: Piece): ReturnType<typeof parsed> => parsed(optionsWith(fields, undefined, body))
const found = (piece: Piece, type = sdp, options = {}): string | undefined => {
  const part = bodyOf(messageOf(piece), type, options)
  return part && textOf(part.body)
}

describe('bodyOf', () => {
  it('the whole body, a part, a part of a part', () => {
    expect(found(leaf('Application/SDP;charset=utf-8', 'v=0'))).toBe('v=0')
    expect(found(many('mixed', [leaf('text/plain', 'x'), leaf(sdp, 'v=0')]))).toBe('v=0')
    expect(found(many('mixed', [leaf('text/plain', 'x'), many('alternative', [leaf(sdp, 'v=0'), leaf('application/sdpng', '<x/>')])]))).toBe('v=0')
    expect(found(many('unheard-of', [leaf(sdp, 'v=0')]))).toBe('v=0')
    expect(found(leaf('text/plain', 'v=0'))).toBeUndefined()
    expect(bodyOf(parsed(optionsWith([])), sdp)).toBeUndefined()
    expect(bodyOf(parsed(optionsWith(['Content-Type: application/sdp', 'Content-Length: 0'])), sdp)).toBeUndefined()
  })
  it('RFC 5621 §6.1: of alternatives the last one of the type, otherwise the first', () => {
    expect(found(many('alternative', [leaf(sdp, '1'), leaf(sdp, '2'), leaf('a/b', '3')]))).toBe('2')
    expect(found(many('mixed', [leaf(sdp, '1'), leaf(sdp, '2')]))).toBe('1')
  })
  it('RFC 5621 §7.1: of related the root first', () => {
    expect(found(many('related;start="<r@h>"', [leaf('a/b', '1'), leaf('a/b', '2', 'Content-ID: <r@h>')]), 'a/b')).toBe('2')
  })
  it('RFC 1847: what was signed comes before its signature', () => {
    expect(found(many('signed', [leaf('text/plain', 'said'), leaf('text/plain', 'signature')]), 'text/plain')).toBe('said')
  })
  it('RFC 3959: an early session is not the session', () => {
    const piece = many('mixed', [leaf(sdp, 'early', 'Content-Disposition: early-session'), leaf(sdp, 'late', 'Content-Disposition: Session')])
    expect(found(piece)).toBe('late')
    expect(found(piece, sdp, { disposition: 'early-session' })).toBe('early')
  })
  it('RFC 5621 §9.4: by-reference bodies are found by their Content-ID only', () => {
    const piece = many('mixed', [leaf('application/pidf+xml', '<here/>', 'Content-ID: <target%1@h>', 'Content-Disposition: by-reference')])
    expect(found(piece, 'application/pidf+xml')).toBeUndefined()
    const whole = readBody(messageOf(piece))
    expect(whole.ok && textOf(whole.value.withId('cid:target%251@h')?.body ?? new Uint8Array(0))).toBe('<here/>')
    expect(whole.ok && whole.value.withId('cid:other@h')).toBeUndefined()
  })
  it('a body that is encoded is not taken for what it will be', () => {
    expect(found(leaf(sdp, 'xyz', 'Content-Encoding: gzip'))).toBeUndefined()
    expect(found(many('mixed', [leaf(sdp, 'eHl6', 'Content-Transfer-Encoding: base64'), leaf(sdp, 'v=0', 'Content-Transfer-Encoding: binary')]))).toBe('v=0')
  })
  it('throws ParseError as accessors do when the parts cannot be read', () => {
    expect(() => bodyOf(parsed(optionsWith(['Content-Type: multipart/mixed'], undefined, 'x')), sdp)).toThrow(ParseError)
    expect(readBody(parsed(optionsWith(['Content-Type: multipart/mixed'], undefined, 'x')))).toMatchObject({ ok: false, error: { code: 'multipart', section: 'RFC 2046 §5.1.1' } })
    expect(() => bodyOf(messageOf(many('mixed', [leaf(sdp, '1'), leaf(sdp, '2')])), sdp, { maxParts: 1 })).toThrow(ParseError)
  })
})

describe('RFC 5621 §8: what has to be understood', () => {
  const unknown = (piece: Piece): string | undefined => {
    const part = unsupportedBody(messageOf(piece), ({ contentType }) => contentType.essence === sdp)
    return part && textOf(part.body).slice(0, 3)
  }
  const optional = 'Content-Disposition: render;handling=optional'
  const required = 'Content-Disposition: render;handling=required'
  it.each([
    ['nothing', leaf('a/b', ''), undefined],
    ['a known body', leaf(sdp, 'v=0'), undefined],
    ['an unknown one', leaf('a/b', 'one'), 'one'],
    ['§8.1 an unknown one that is optional', leaf('a/b', 'one', optional), undefined],
    ['mixed, the unknown one required by default', many('mixed', [leaf(sdp, 'v=0'), leaf('a/b', 'two')]), 'two'],
    ['mixed, the unknown one optional', many('mixed', [leaf(sdp, 'v=0'), leaf('a/b', 'two', optional)]), undefined],
    ['§8.2 mixed that is optional with all in it', many('mixed', [leaf('a/b', 'one', required)], optional), undefined],
    ['§8.2 mixed that is required with optional parts', many('mixed', [leaf('a/b', 'one', optional)], required), undefined],
    ['§8.3 alternative with one known part', many('alternative', [leaf(sdp, 'v=0', optional), leaf('a/b', 'two', required)]), undefined],
    ['§8.3 alternative without a known part, whatever the parts say', many('alternative', [leaf('a/b', 'one', optional)]), '--b'],
    ['alternative that is optional', many('alternative', [leaf('a/b', 'one')], optional), undefined],
    ['related', many('related', [leaf(sdp, 'v=0'), leaf('a/b', 'two')]), 'two'],
    ['mixed in alternative', many('alternative', [many('mixed', [leaf('a/b', 'one')]), leaf(sdp, 'v=0')]), undefined],
  ] as const)('%s', (_, piece, expected) => expect(unknown(piece)).toBe(expected))
})

describe.runIf(hasCorpus)('messages of the RFCs and of the field', () => {
  const types = (file: string): unknown => {
    const whole = readBody(parsed(readCorpus(file)))
    if (!whole.ok) return whole.error.code
    const list = (part: typeof whole.value): unknown => (part.multipart === undefined ? part.contentType.essence : part.multipart.parts.map(list))
    return list(whole.value)
  }
  it.each([
    ['rfc4475/mpart01.dat', ['text/plain', 'application/octet-stream']],
    ['flows/rfc4662/003-6-NOTIFY.dat', ['application/rlmi+xml', 'application/pidf+xml', 'application/pidf+xml']],
    ['flows/rfc6086/008-12_2_2_2-INFO.dat', ['application/foo-x', 'application/foo-y']],
    ['flows/rfc5366/001-6-INVITE.dat', [sdp, 'application/resource-lists+xml']],
    ['wild/sipp-rendered/027-INVITE.dat', [sdp, 'application/pidf+xml']],
  ])('%s', (file, expected) => expect(types(file)).toEqual(expected))
  it('every message with a multipart body: its parts can be read, octet for octet, and what is odd is told', () => {
    const odd: string[] = []
    let count = 0
    for (const file of ['rfc4475', 'rfc6216', 'flows', 'wild'].flatMap((folder) => filesUnder(folder))) {
      const result = parseMessage(readCorpus(file))
      if (!result.ok || !/^multipart\//i.test(result.value.headers.get('Content-Type') ?? '')) continue
      count++
      const whole = readBody(result.value)
      if (!whole.ok) {
        odd.push(`${file}: ${whole.error.code}`)
        continue
      }
      const { parts = [], diagnostics = [] } = whole.value.multipart ?? {}
      odd.push(...diagnostics.map(({ code }) => `${file}: ${code}`))
      for (const { bytes } of parts) expect(textOf(result.value.body)).toContain(textOf(bytes))
    }
    expect(count).toBeGreaterThan(30)
    const cut = ['cms-smime-msg', 'noeku-cms-smime-msg', 'noeku-smime-msg', 'noeku-smime-sign-encrypt', 'smime-msg', 'smime-sign-encrypt']
    expect(odd.sort()).toEqual([
      // Octets too many, so that Content-Length ends them too early.
      ...cut.map((name) => `rfc6216/${name}.dat: no-close-delimiter`),
      // An empty line was forgotten, or lost where the text of the RFC has a page break.
      ...['rfc4662/013-6-NOTIFY', 'rfc4662/013-6-NOTIFY', 'rfc6086/007-12_2_2_1-INFO', 'rfc6086/008-12_2_2_2-INFO', 'rfc6216/003-4_1-MESSAGE', 'rfc6216/005-4_3-MESSAGE', 'rfc6216/005-4_3-MESSAGE', 'rfc7852/suspect/002-7-INVITE']
        .map((name) => `flows/${name}.dat: no-empty-line`),
    ].sort())
  })
  it('RFC 4662 §6: the root of a resource list, and the parts its cid: links name', () => {
    const whole = readBody(parsed(readCorpus('flows/rfc4662/003-6-NOTIFY.dat')))
    if (!whole.ok) throw whole.error
    const { root } = whole.value.multipart ?? {}
    expect(root?.contentType.essence).toBe('application/rlmi+xml')
    const links = [...textOf(root?.body ?? new Uint8Array(0)).matchAll(/cid="([^"]+)"/g)].map(([, id]) => whole.value.withId(`cid:${id ?? ''}`)?.contentType.essence)
    expect(links).toEqual(['application/pidf+xml', 'application/pidf+xml'])
  })
  it('RFC 4475 §3.1.1.11: the octets of the second part are those between the delimiters', () => {
    const body = bodyOf(parsed(readCorpus('rfc4475/mpart01.dat')), 'application/octet-stream')?.body ?? new Uint8Array(0)
    expect(derLength(body)).toBe(body.length)
  })
})

import { describe, expect, it } from 'vitest'
import { BuildError, createRequest, event, type HeaderField, HeaderFields, ParseError, serializeMessage } from '../src/index.js'
import { optionsWith, parsed, textOf } from './samples.js'

const fieldsOf = (...lines: string[]): HeaderFields => {
  const { headers } = parsed(optionsWith(['Via: SIP/2.0/UDP h;branch=z9hG4bK1', ...lines]))
  for (const name of ['Via', 'Max-Forwards', 'To', 'From', 'Call-ID', 'CSeq']) headers.delete(name)
  return headers
}
const list = (headers: HeaderFields): string[] => [...headers].map(([name, value]) => `${name}: ${value}`)

describe('HeaderFields', () => {
  it('set replaces all by one at the first place', () => {
    const headers = fieldsOf('A: 1', 'Subject: x', 'B: 2', 's: y')
    headers.set('subject', 'z')
    headers.set('New', 'n')
    expect(list(headers)).toEqual(['A: 1', 'subject: z', 'B: 2', 'New: n'])
  })
  it('prepend goes above the first of its name, or on top; append to the end', () => {
    const headers = fieldsOf('A: 1', 'Route: <sip:r>', 'B: 2')
    headers.prepend('Route', '<sip:q>')
    headers.prepend('Via', 'v')
    headers.append('Route', '<sip:s>')
    expect(list(headers)).toEqual(['Via: v', 'A: 1', 'Route: <sip:q>', 'Route: <sip:r>', 'B: 2', 'Route: <sip:s>'])
  })
  it('removeFirst and replaceFirst act on the first value of a comma list', () => {
    const headers = fieldsOf('Route: "a, b" <sip:r;x=1,2>,<sip:s>', 'Route: <sip:t>')
    headers.replaceFirst('Route', '<sip:n>')
    expect(headers.getAll('Route')).toEqual(['<sip:n>, <sip:s>', '<sip:t>'])
    headers.removeFirst('route')
    expect(headers.getAll('Route')).toEqual(['<sip:s>', '<sip:t>'])
    headers.removeFirst('Route')
    headers.removeFirst('Route')
    headers.removeFirst('Route')
    expect(headers.has('Route')).toBe(false)
    headers.replaceFirst('Route', '<sip:n>')
    expect(list(headers)).toEqual(['Route: <sip:n>'])
  })
  it('a comma does not separate values everywhere', () => {
    const headers = fieldsOf('Subject: a, b', 'Authorization: Digest a=1, b=2')
    headers.removeFirst('Subject')
    headers.replaceFirst('Authorization', 'Digest c=3')
    expect(list(headers)).toEqual(['Authorization: Digest c=3'])
  })
  it('every known name is known in any case, so that its compact form and its comma lists work', () => {
    const lists = 'Accept Accept-Encoding Accept-Language Alert-Info Allow Call-Info Contact Content-Encoding Content-Language Error-Info In-Reply-To Proxy-Require Record-Route Require Route Supported Unsupported Warning'
    for (const name of `${lists} Path Service-Route Accept-Contact Allow-Events Reject-Contact Request-Disposition`.split(' ')) {
      const headers = fieldsOf(`${name.toUpperCase()}: a, b`)
      headers.removeFirst(name.toLowerCase())
      expect(headers.get(name), name).toBe('b')
    }
  })
  it('a field that is set again and again costs the same each time', () => {
    const { headers } = createRequest({ method: 'OPTIONS', requestUri: 'sip:a@b', headers: [['CSeq', '1 OPTIONS']] })
    const took = (times: number): number => {
      const { user } = process.cpuUsage()
      for (let time = 0; time < times; time++) headers.set('CSeq', `${time} OPTIONS`)
      return process.cpuUsage().user - user
    }
    took(20_000)
    const some = took(20_000)
    // Copying what was there before would take a hundred times as long by now.
    expect(took(20_000)).toBeLessThan(10 * Math.max(some, 5000))
    expect([...headers]).toEqual([['CSeq', '19999 OPTIONS']])
  })

  it('a copy changes apart', () => {
    const message = parsed(optionsWith(['Subject: one']))
    const copy = message.clone()
    copy.headers.set('Subject', 'two')
    copy.headers.removeFirst('Via')
    copy.body = new Uint8Array(3)
    expect(message.headers.get('Subject')).toBe('one')
    expect(message.via.host).toBe('pc33.atlanta.com')
    expect(message.body).toHaveLength(0)
  })
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'])('%s is a name like any other', (name) => {
    const headers = fieldsOf(`${name}: 1`)
    expect(headers.get(name.toUpperCase())).toBe('1')
    headers.set(name, '2')
    expect(list(headers)).toEqual([`${name}: 2`])
    expect(fieldsOf().get(name)).toBeUndefined()
    expect(parsed(optionsWith([`To: <sip:a@b;${name}=1>;${name}=2`])).to.parameters.get(name)).toBe('2')
    expect(parsed(optionsWith()).to.parameters.get(name)).toBeUndefined()
    expect(({} as Record<string, unknown>)['1']).toBeUndefined()
  })
  it.each([
    ['a\r\nEvil: b', 'line-break'], ['a\nb', 'line-break'], ['a\rb', 'line-break'], ['a\0b', 'line-break'], ['a\r\n folded', 'line-break'],
  ])('refuses the value %j at once', (value, code) => {
    const headers = fieldsOf('Subject: x')
    for (const act of ['set', 'append', 'prepend', 'replaceFirst'] as const) {
      expect(() => headers[act]('Subject', value)).toThrow(BuildError)
      expect(() => headers[act]('Subject', value)).toThrow(expect.objectContaining({ code, header: 'Subject' }) as Error)
    }
    expect(list(headers)).toEqual(['Subject: x'])
  })
  it.each(['', 'a b', 'a:', 'a\r\n', 'é', 'a\0', '"a"'])('refuses the name %j', (name) => {
    const headers = fieldsOf()
    for (const act of ['set', 'append', 'prepend', 'replaceFirst'] as const) expect(() => headers[act](name, 'x')).toThrow(expect.objectContaining({ code: 'token' }) as Error)
  })
  it('Content-Length is what the body is, whatever the field says', () => {
    const message = parsed(optionsWith(['l: 3', 'Subject: x'], undefined, 'abc'))
    message.body = new TextEncoder().encode('größer')
    expect(textOf(serializeMessage(message))).toContain('l: 8\r\nSubject: x\r\n\r\ngrößer')
    message.headers.delete('Content-Length')
    expect(textOf(serializeMessage(message))).toContain('Subject: x\r\nContent-Length: 8\r\n\r\n')
    message.headers.append('Content-Length', '1')
    message.headers.append('Content-Length', '2')
    expect(textOf(serializeMessage(message)).match(/content-length/gi)).toHaveLength(1)
  })
})

describe('values decoded once', () => {
  it('belong to the description they were read by', () => {
    const headers = new HeaderFields([])
    headers.set('Event', 'dialog;id=1')
    const text: HeaderField<string> = { name: 'Event', section: 'RFC 6665 §8.2.1', read: (source, start, end) => source.text.slice(start, end) }
    const refusing: HeaderField<string> = { ...text, read: (_source, start) => { throw new ParseError('header-value', start) } }
    expect(headers.read(event)[0]?.token).toBe('dialog')
    expect(headers.read(text)).toEqual(['dialog;id=1'])
    expect(() => headers.read(refusing)).toThrow(ParseError)
    expect(() => headers.read(refusing)).toThrow(ParseError)
    expect(headers.read(event)).toBe(headers.read(event))
  })
})

import { describe, expect, it } from 'vitest'
import { contentType, createResponse, ParseError, parseMessage, serializeMessage, SipUri, type SipMessage } from '../../src/index.js'
import { filesUnder, hasCorpus, manifest, readCorpus } from '../corpus.js'
import { parsed, parsedRequest, parsedResponse, refusal, typedFields, valueOf } from '../samples.js'

describe.skipIf(!hasCorpus)('RFC 4475, what the messages mean', () => {
  const read = (file: string): Uint8Array => readCorpus(`rfc4475/${file}`)

  it('§3.1.1.1 wsinv: folded, odd, but every value is there', () => {
    const message = parsedRequest(read('wsinv.dat'))
    expect(message.to.toString()).toBe('<sip:vivekg@chair-dnrc.example.com>;tag=1918181833n')
    expect(message.from.displayName).toBe('J Rosenberg \\"')
    expect(message.maxForwards).toBe(68)
    expect(message.cseq).toMatchObject({ sequence: 9, method: 'INVITE' })
    expect(message.vias.map((via) => `${via.transport} ${via.sentBy} ${via.branch ?? ''}`)).toEqual([
      'UDP 192.0.2.2 390skdjuw', 'TCP spindle.example.com z9hG4bK9ikj8', 'UDP 192.168.255.111 z9hG4bK30239'])
    expect(message.contact?.displayName).toBe('Quoted string ""')
    expect(message.contact?.parameters.get('newparam')).toBe('newvalue')
    expect(message.contact?.parameters.has('secondparam')).toBe(true)
    expect(message.contact?.parameters.get('q')).toBe('0.33')
    expect(message.route.map((route) => route.uri.toString())).toEqual(['sip:services.example.com;lr;unknownwith=value;unknown-no-value'])
    expect(message.headers.get('newfangledheader')).toBe('newfangled value continued newfangled value')
    expect(message.headers.read(contentType)[0]?.essence).toBe('application/sdp')
  })
  it('§3.1.1.2 intmeth: wide range of valid characters', () => {
    const message = parsedRequest(read('intmeth.dat'))
    expect(message.method).toBe("!interesting-Method0123456789_*+`.%indeed'~")
    expect(message.to.displayName).toBe('BEL:\u0007 NUL:\0 DEL:\u007f')
    expect(message.callId).toBe("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{")
    expect(message.headers.get('extensionHeader-!.%*+_`\'~')).toBe('\ufeff\u5927\u505c\u96fb')
  })
  it('§3.1.1.3 esc01: escapes are undone once', () => {
    const message = parsedRequest(read('esc01.dat'))
    const uri = message.requestUri as SipUri
    expect(uri.decodedUser).toBe("sips:user@example.com")
    expect(message.contact?.uri).toMatchObject({ user: 'cal%6Cer', decodedUser: 'caller' })
    expect((message.contact?.uri as SipUri).parameters.get('n%61me')).toBe('v%61lue%25%34%31')
  })
  it('§3.1.1.4 escnull: an escaped NUL does not end a user', () => {
    expect(parsed(read('escnull.dat')).contacts).toMatchObject([{ uri: { decodedUser: '\0' } }, { uri: { decodedUser: '\0\0' } }])
  })
  it('§3.1.1.5 esc02: a % in a method or a name is just a character', () => {
    const message = parsedRequest(read('esc02.dat'))
    expect(message.method).toBe('RE%47IST%45R')
    expect(message.contacts).toHaveLength(2)
    expect(message.headers.get('C%6Fntact')).toBe('<sip:alias2@host2.example.com>')
  })
  it('§3.1.1.7 longreq: 34 Vias and long values', () => {
    const message = parsed(read('longreq.dat'))
    expect(message.vias).toHaveLength(34)
    expect(message.from.tag).toHaveLength(155)
  })
  it('§3.1.1.8 dblreq: what follows the message in the datagram is not passed on', () => {
    const message = parsed(read('dblreq.dat'))
    expect(message.diagnostics).toMatchObject([{ code: 'trailing-octets' }])
    expect(new TextDecoder().decode(serializeMessage(message))).not.toContain('INVITE')
  })
  it('§3.1.1.9 semiuri: a semicolon in the user part', () => {
    expect(parsedRequest(read('semiuri.dat')).requestUri).toMatchObject({ decodedUser: 'user;par=u@example.net', host: 'example.com' })
  })
  it('§3.1.1.11 mpart01: a binary body', () => {
    expect(parsed(read('mpart01.dat')).body).toHaveLength(553)
  })
  it('§3.1.1.12 unreason: a reason phrase beyond ASCII', () => {
    expect(parsedResponse(read('unreason.dat')).reasonPhrase).toBe('= 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e \u0434\u0435\u0432\u044f\u043d\u043e\u0441\u0442\u043e \u0434\u0435\u0432\u044f\u0442\u044c - \u043f\u0440\u043e\u0441\u0442\u043e\u0435')
  })
  it('§3.1.1.13 noreason: an empty reason phrase', () => {
    expect(parsedResponse(read('noreason.dat'))).toMatchObject({ statusCode: 100, reasonPhrase: '' })
  })
  it('§3.1.2.16 badvers: 505, and it can be answered', () => {
    const error = refusal(read('badvers.dat'))
    expect(error.statusCode).toBe(505)
    const response = createResponse(error.request!, { statusCode: error.statusCode })
    expect(new TextDecoder().decode(serializeMessage(response))).toMatch(/^SIP\/2\.0 505 Version Not Supported\r\n/)
  })
  it('§3.1.2: a request that is refused can be answered with 400, but for insuf', () => {
    const unanswered = manifest('rfc4475')
      .filter((entry) => !parseMessage(readCorpus(`rfc4475/${entry.file}`)).ok)
      .filter((entry) => refusal(readCorpus(`rfc4475/${entry.file}`)).request === undefined)
    // The other two are responses, which nobody answers.
    expect(unanswered.map((entry) => entry.file)).toEqual(['scalarlg.dat', 'bigcode.dat', 'insuf.dat', 'undocumented/test.dat'])
  })
  it('§3.3.12 cparam01/02: parameters of the Contact, parameters of its URI', () => {
    expect(parsed(read('cparam01.dat')).contact?.parameters.has('unknownparam')).toBe(true)
    expect((parsed(read('cparam02.dat')).contact?.uri as SipUri).parameters.has('unknownparam')).toBe(true)
  })
})

describe.skipIf(!hasCorpus)('RFC 5118, what the messages mean', () => {
  const top = (file: string): SipMessage['via'] => parsed(readCorpus(`rfc5118/${file}`)).via
  it('§4.3, §4.4: a port belongs to an address in brackets only', () => {
    expect(parsedRequest(readCorpus('rfc5118/port-ambiguous.dat')).requestUri).toMatchObject({ host: '[2001:db8::10:5070]', port: undefined })
    expect(parsedRequest(readCorpus('rfc5118/port-unambiguous.dat')).requestUri).toMatchObject({ host: '[2001:db8::10]', port: 5070 })
  })
  it('§4.5: received with and without brackets', () => {
    expect(top('via-received-param-with-delim.dat').received).toBe('2001:db8::9:255')
    expect(top('via-received-param-no-delim.dat').received).toBe('2001:db8::9:255')
  })
  it('§4.9: an IPv4-mapped address', () => {
    expect(top('ipv4-mapped-ipv6.dat')).toMatchObject({ host: '[::ffff:192.0.2.10]', port: 19823 })
  })
})

describe.skipIf(!hasCorpus)('sample messages', () => {
  it('every accessor gives a value or a ParseError, on every sample there is', () => {
    const accessors = ['vias', 'contacts', 'contact', 'route', 'recordRoute', 'path', 'serviceRoute', 'maxForwards', 'contentLength',
      'expires', 'minExpires', 'retryAfter', 'allow', 'supported', 'require', 'proxyRequire', 'unsupported', ...typedFields] as const
    let unreadable = 0
    for (const file of [...filesUnder('flows'), ...filesUnder('wild')]) {
      const result = parseMessage(readCorpus(file))
      if (!result.ok) continue
      for (const accessor of accessors) {
        try {
          String(valueOf(result.value, accessor))
        } catch (error) {
          expect(error, `${file} ${typeof accessor === 'string' ? accessor : accessor.name}`).toBeInstanceOf(ParseError)
          unreadable++
        }
      }
    }
    expect(unreadable).toBeLessThan(60)
  })
})

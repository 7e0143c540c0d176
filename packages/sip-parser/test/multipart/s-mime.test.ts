import { describe, expect, it } from 'vitest'
import { parseMessage, serializeMessage } from '../../src/index.js'
import { type BodyPart, createMultipart, readBody } from '../../src/multipart/index.js'
import { hasCorpus, readCorpus } from '../corpus.js'
import { parsed, textOf } from '../samples.js'
import { derLength } from './der.js'

function bodyOfFile(file: string): BodyPart {
  const result = readBody(parsed(readCorpus(`rfc6216/${file}`)))
  if (!result.ok) throw result.error
  return result.value
}

describe.runIf(hasCorpus)('RFC 6216 S/MIME, in the copies whose octets are right', () => {
  const signed = ['smime-msg.dat', 'cms-smime-msg.dat', 'noeku-smime-msg.dat', 'noeku-cms-smime-msg.dat', 'smime-sign-encrypt.dat', 'noeku-smime-sign-encrypt.dat']
  it.each(signed)('%s: a signed part and its signature, every octet of both', (file) => {
    const { multipart } = bodyOfFile(`repaired/${file}`)
    const [content, signature] = multipart?.parts ?? []
    if (multipart === undefined || content === undefined || signature === undefined) throw new TypeError('not two parts')
    expect(multipart).toMatchObject({ contentType: { essence: 'multipart/signed' }, diagnostics: [] })
    expect(multipart.contentType.parameters.get('protocol')).toBe('application/pkcs7-signature')
    expect(multipart.root).toBe(content)
    expect(signature).toMatchObject({ disposition: 'attachment', handling: 'required', encodings: [] })
    expect(derLength(signature.body)).toBe(signature.body.length)
    if (file.includes('encrypt')) expect(derLength(content.body)).toBe(content.body.length)
    else expect(content.bytes).toEqual(readCorpus('rfc6216/smime-msg-what-got-signed.dat'))
  })
  it.each(signed)('%s: wrapped anew, the parts are the same octets', (file) => {
    const { multipart } = bodyOfFile(`repaired/${file}`)
    const again = createMultipart({ subtype: 'signed', parts: multipart?.parts ?? [], parameters: [['micalg', 'sha1'], ['protocol', '"application/pkcs7-signature"']] })
    const read = readBody({ ...parsed(readCorpus(`rfc6216/repaired/${file}`)), headers: parsed(`SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\nFrom: <sip:a>\r\nTo: <sip:a>\r\nCall-ID: a\r\nCSeq: 1 MESSAGE\r\nContent-Type: ${String(again.contentType)}\r\n\r\n`).headers, body: again.body })
    expect(read.ok && read.value.multipart?.parts.map(({ bytes }) => bytes)).toEqual(multipart?.parts.map(({ bytes }) => bytes))
  })
  it.each(['smime-encrypted.dat', 'noeku-smime-encrypted.dat'])('%s: an envelope', (file) => {
    const part = bodyOfFile(`repaired/${file}`)
    expect(part).toMatchObject({ multipart: undefined, contentType: { essence: 'application/pkcs7-mime' } })
    expect(derLength(part.body)).toBe(part.body.length)
  })
  it.each(['message-tls.dat', 'message-tls-resp.dat'])('%s', (file) => {
    expect(textOf(bodyOfFile(`repaired/${file}`).body)).toBe(file === 'message-tls.dat' ? 'Hello!' : '')
  })
  it.each([...signed, 'smime-encrypted.dat', 'noeku-smime-encrypted.dat', 'message-tls.dat', 'message-tls-resp.dat'])('%s: written back octet for octet, the damaged copy too', (file) => {
    const repaired = readCorpus(`rfc6216/repaired/${file}`)
    expect(serializeMessage(parsed(repaired))).toEqual(repaired)
    const damaged = readCorpus(`rfc6216/${file}`)
    const result = parseMessage(damaged)
    // What follows Content-Length is cut off (RFC 3261 §18.3).
    if (result.ok) expect(serializeMessage(result.value)).toEqual(damaged.subarray(0, serializeMessage(result.value).length))
    else expect(result.error.code).toBe('body-length')
  })
})

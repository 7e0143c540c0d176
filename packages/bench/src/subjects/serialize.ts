// An INVITE from the values an application has, to bytes ready to send.
import { createRequest, serializeMessage, SipUri, NameAddr, Parameters, Via, CSeq } from '@offhook/sip-parser'
import JsSipMessages from 'jssip/lib/SIPMessage.js'
import JsSipUri from 'jssip/lib/URI.js'
import sip from 'sip'
import { OutgoingRequestMessage } from 'sip.js/lib/core/messages/outgoing-request-message.js'
import { URI } from 'sip.js/lib/grammar/uri.js'
import type { Group, Operation } from '../subject.ts'

const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY, MESSAGE'
const agent = 'Softphone/4.2.1'
const body = [
  'v=0', 'o=- 3724394400 3724394400 IN IP4 192.0.2.10', 's=-', 'c=IN IP4 192.0.2.10', 't=0 0', 'm=audio 40000 RTP/AVP 0 8 101',
  'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16', 'a=ptime:20', 'a=sendrecv', '',
].join('\r\n')

/** What changes from call to call. */
interface Values {
  readonly branch: string
  readonly tag: string
  readonly callId: string
  readonly sequence: number
}
const valuesOf = (index: number): Values => ({ branch: `z9hG4bK7d3f${index}a81c`, tag: `f${index}9c1e`, callId: `b60d${index}4e7a2c9f@192.0.2.10`, sequence: 1 + (index % 1000) })

function offhook(): (values: Values) => Uint8Array {
  const caller = SipUri.of({ user: 'alice', host: 'example.com' })
  const callee = SipUri.of({ user: 'bob', host: 'example.org' })
  const contact = NameAddr.of({ uri: SipUri.of({ user: 'alice', host: '192.0.2.10', port: 5060, parameters: Parameters.of([['transport', 'udp']]) }) })
  return ({ branch, tag, callId, sequence }) =>
    serializeMessage(createRequest({
      method: 'INVITE', requestUri: callee,
      headers: [
        ['Via', Via.of({ transport: 'UDP', host: '192.0.2.10', port: 5060, parameters: Parameters.of([['branch', branch], ['rport', '']]) })],
        ['Max-Forwards', 70], ['From', NameAddr.of({ displayName: 'Alice', uri: caller, parameters: Parameters.of([['tag', tag]]) })], ['To', NameAddr.of({ uri: callee })],
        ['Call-ID', callId], ['CSeq', CSeq.of(sequence, 'INVITE')], ['Contact', contact], ['Allow', allow], ['Supported', 'outbound'], ['User-Agent', agent],
      ],
      contentType: 'application/sdp', body,
    }))
}

function jssip(): (values: Values) => Uint8Array {
  const caller = JsSipUri.parse('sip:alice@example.com')
  const callee = JsSipUri.parse('sip:bob@example.org')
  const ua = { configuration: { extra_headers: undefined, use_preloaded_route: false, uri: caller, display_name: 'Alice', jssip_id: 'b60d', user_agent: agent, session_timers: false }, transport: {}, contact: {} }
  const extra = ['Contact: <sip:alice@192.0.2.10:5060;transport=udp>', 'Content-Type: application/sdp']
  return ({ branch, tag, callId, sequence }) => {
    const request = new JsSipMessages.OutgoingRequest('INVITE', callee, ua, { from_tag: tag, call_id: callId, cseq: sequence }, extra, body)
    request.setHeader('via', `SIP/2.0/UDP 192.0.2.10:5060;branch=${branch};rport`)
    return Buffer.from(request.toString())
  }
}

function sipjs(): (values: Values) => Uint8Array {
  const caller = new URI('sip', 'alice', 'example.com')
  const callee = new URI('sip', 'bob', 'example.org')
  const extra = ['Contact: <sip:alice@192.0.2.10:5060;transport=udp>', `Allow: ${allow}`]
  return ({ branch, tag, callId, sequence }) => {
    const request = new OutgoingRequestMessage('INVITE', callee, caller, callee, { callId, fromTag: tag, cseq: sequence, fromDisplayName: 'Alice', userAgentString: agent, viaHost: '192.0.2.10:5060', forceRport: true }, extra, { contentDisposition: 'session', contentType: 'application/sdp', content: body })
    request.setViaHeader(branch, 'UDP')
    return Buffer.from(request.toString())
  }
}

function npmSip(): (values: Values) => Uint8Array {
  return ({ branch, tag, callId, sequence }) =>
    Buffer.from(sip.stringify({
      method: 'INVITE', uri: { schema: 'sip', user: 'bob', host: 'example.org' },
      headers: {
        via: [{ protocol: 'UDP', host: '192.0.2.10', port: 5060, params: { branch, rport: null } }], 'max-forwards': '70',
        from: { name: 'Alice', uri: 'sip:alice@example.com', params: { tag } }, to: { uri: 'sip:bob@example.org', params: {} }, 'call-id': callId, cseq: { seq: sequence, method: 'INVITE' },
        contact: [{ uri: 'sip:alice@192.0.2.10:5060;transport=udp', params: {} }], allow, supported: 'outbound', 'user-agent': agent, 'content-type': 'application/sdp',
      },
      content: body,
    }))
}

/** The floor: one template and one encoding, nothing checked. */
const floor = (): ((values: Values) => Uint8Array) => ({ branch, tag, callId, sequence }) =>
  Buffer.from(`INVITE sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=${branch};rport\r\nMax-Forwards: 70\r\nFrom: "Alice" <sip:alice@example.com>;tag=${tag}\r\nTo: <sip:bob@example.org>\r\nCall-ID: ${callId}\r\nCSeq: ${sequence} INVITE\r\nContact: <sip:alice@192.0.2.10:5060;transport=udp>\r\nAllow: ${allow}\r\nSupported: outbound\r\nUser-Agent: ${agent}\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`)

/** System → its maker of INVITEs. */
export const writers: Readonly<Record<string, () => (values: Values) => Uint8Array>> = { offhook, jssip, 'sip.js': sipjs, sip: npmSip, 'floor: one template': floor }

const over = (make: () => (values: Values) => Uint8Array) => (): Operation => {
  const write = make()
  let index = 0
  let bytes = 0
  return (count) => {
    for (let done = 0; done < count; done += 1) bytes += write(valuesOf(++index)).byteLength
    if (bytes < index * 600) throw new RangeError('a message of the corpus came out too short')
  }
}

export const group: Group = { 'INVITE to bytes': Object.entries(writers).map(([system, make]) => ({ system, prepare: over(make) })) }

// One of many OPTIONS requests, as it comes from the network.
import { parseMessage, type SipRequest } from '@offhook/sip-parser'
import { BenchError } from '../errors.ts'

export function optionsRequest(number: number): SipRequest {
  const text = `OPTIONS sip:server@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKhere${number};rport\r\nMax-Forwards: 70\r\nFrom: <sip:load@127.0.0.1>;tag=${number}\r\n` +
    `To: <sip:server@127.0.0.1>\r\nCall-ID: ${number}@127.0.0.1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`
  const parsed = parseMessage(Buffer.from(text, 'latin1'))
  if (!parsed.ok || parsed.value.kind !== 'request') throw new BenchError('message-refused', 'An OPTIONS request was refused')
  return parsed.value
}

import { describe, expect, it } from 'vitest'
import type { Flow, TransportName } from '../src/index.js'
import { connectionResponseRouting, datagramResponseRouting } from '../src/index.js'
import { createResponse, request } from './support/messages.js'

const flow = (transport: TransportName, host = '192.0.2.4', port = 49_170): Flow => ({
  transport, reliable: transport !== 'UDP', local: { host: '192.0.2.1', port: 5060 }, remote: { host, port },
  sentBy: '192.0.2.1:5060', direction: 'inbound', send: () => undefined, close: () => undefined,
})
const response = (via: string) => createResponse(request(via), { statusCode: 200, toTag: 'b' })

describe('RFC 3261 §18.2.2, RFC 3581 §4: where a response goes', () => {
  it.each([
    ['received and rport', 'SIP/2.0/UDP pc:5062;received=192.0.2.4;rport=49170', '192.0.2.4', 49_170, true],
    ['received without rport: the port of the sent-by', 'SIP/2.0/UDP pc:5062;received=192.0.2.4', '192.0.2.4', 5062, false],
    ['received without any port: 5060', 'SIP/2.0/UDP pc;received=192.0.2.4', '192.0.2.4', 5060, false],
    ['nothing added: the sent-by', 'SIP/2.0/UDP 192.0.2.4:49170', '192.0.2.4', 49_170, true],
    ['the sent-by with another port', 'SIP/2.0/UDP 192.0.2.4:5070', '192.0.2.4', 5070, false],
    ['maddr before received, port of the sent-by', 'SIP/2.0/UDP pc:5062;received=192.0.2.4;rport=49170;maddr=224.0.1.75', '224.0.1.75', 5062, false],
    ['a port that only begins like ours is another one', 'SIP/2.0/UDP pc;received=192.0.2.4;rport=491', '192.0.2.4', 491, false],
    ['an address that only begins like ours is another one', 'SIP/2.0/UDP pc;rport=49170;received=192.0.2.41', '192.0.2.41', 49_170, false],
    ['only the first value of a comma list counts', 'SIP/2.0/UDP pc:1;received=192.0.2.9, SIP/2.0/UDP pc;rport=49170;received=192.0.2.4', '192.0.2.9', 1, false],
    ['IPv6', 'SIP/2.0/UDP [2001:db8::9];rport=49170;received=2001:db8::4', '2001:db8::4', 49_170, true],
  ])('UDP: %s', (_title, via, host, port, back) => {
    const from = flow('UDP', host.includes(':') ? host : undefined)
    if (back) expect(from.remote).toEqual({ host, port })
    expect(datagramResponseRouting.targets(response(via), from)).toEqual(back ? undefined : [{ transport: 'UDP', host, port, local: from.local }])
  })

  it.each([
    ['TCP', 'SIP/2.0/TCP 10.0.0.1:5062;received=192.0.2.4', [{ host: '192.0.2.4', port: 5062 }, { host: '10.0.0.1', port: 5062 }]],
    ['TCP', 'SIP/2.0/TCP pc.example.com;received=192.0.2.4', [{ host: '192.0.2.4', port: 5060, serverName: 'pc.example.com' }, { host: 'pc.example.com', port: 5060, serverName: 'pc.example.com' }]],
    ['TLS', 'SIP/2.0/TLS pc.example.com;received=192.0.2.4', [{ host: '192.0.2.4', port: 5061, serverName: 'pc.example.com' }, { host: 'pc.example.com', port: 5061, serverName: 'pc.example.com' }]],
    ['TCP', 'SIP/2.0/TCP [2001:db8::4]:5060', [{ host: '2001:db8::4', port: 5060 }]],
    ['WS', 'SIP/2.0/WS x7.invalid;received=192.0.2.4', []],
  ] as const)('%s, connection gone: %s', (transport, via, targets) => {
    expect(connectionResponseRouting.targets(response(via), flow(transport))).toEqual(targets.map((target) => ({ transport, ...target })))
  })
})

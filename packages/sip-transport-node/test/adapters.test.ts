import { createMemoryNetwork } from '@offhook/sip-transport/memory'
import { webSocketAdapter } from '../../sip-transport-websocket/src/index.js'
import { tcpAdapter, tlsAdapter, udpAdapter, wsAdapter, wssAdapter } from '../src/index.js'
import { adapterSuite } from './support/adapter-suite.js'
import { TestAuthority } from './support/certificates.js'

const authority = new TestAuthority()
const tls = { ca: authority.ca, ...authority.issue({ dns: ['sip.example.com'], addresses: ['127.0.0.1', '::1'] }) }
const memory = createMemoryNetwork()
const page = {
  refused: 'a page is not told why, only that',
  peerAddress: 'a page does not know its address',
}

for (const host of ['192.0.2.7', '2001:db8::7']) {
  adapterSuite({ name: `memory UDP ${host}`, host, listening: () => memory.adapter('UDP', host), dialling: () => memory.adapter('UDP') })
  adapterSuite({ name: `memory TCP ${host}`, host, listening: () => memory.adapter('TCP', host), dialling: () => memory.adapter('TCP') })
  adapterSuite({ name: `memory WS ${host}`, host, listening: () => memory.adapter('WS', host), dialling: () => memory.adapter('WS') })
}
for (const host of ['127.0.0.1', '::1']) {
  adapterSuite({ name: `UDP ${host}`, host, listening: () => udpAdapter(), dialling: () => udpAdapter() })
  adapterSuite({ name: `TCP ${host}`, host, listening: () => tcpAdapter(), dialling: () => tcpAdapter() })
  adapterSuite({ name: `TLS ${host}`, host, target: { serverName: 'sip.example.com' }, listening: () => tlsAdapter(tls), dialling: () => tlsAdapter(tls) })
  adapterSuite({ name: `WS ${host}`, host, target: { path: '/sip' }, listening: () => wsAdapter({ path: '/sip' }), dialling: () => wsAdapter() })
  adapterSuite({ name: `WSS ${host}`, host, listening: () => wssAdapter(tls), dialling: () => wssAdapter(tls) })
  adapterSuite({ name: `WebSocket of the host ${host}`, host, listening: () => wsAdapter({ allowedOrigins: '*' }), dialling: () => webSocketAdapter(), skips: { peerAddress: page.peerAddress } })
}

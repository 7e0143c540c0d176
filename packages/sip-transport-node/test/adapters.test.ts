import * as nodeTls from 'node:tls'
import { createMemoryNetwork } from '@offhook/sip-transport/memory'
import { afterAll, beforeAll } from 'vitest'
import { webSocketAdapter } from '../../sip-transport-websocket/src/index.js'
import { tcpAdapter, tlsAdapter, udpAdapter, wsAdapter, wssAdapter } from '../src/index.js'
import { adapterSuite } from './support/adapter-suite.js'
import { TestAuthority } from './support/certificates.js'

const authority = new TestAuthority()
const tls = { ca: authority.ca, ...authority.issue({ dns: ['sip.example.com', 'localhost'], addresses: ['127.0.0.1', '::1'] }) }
const memory = createMemoryNetwork()
const skips = { peerAddress: 'a page does not know its address' }

for (const host of ['192.0.2.7', '2001:db8::7']) {
  for (const transport of ['UDP', 'TCP', 'TLS', 'WS', 'WSS'] as const) {
    adapterSuite(`memory ${transport} ${host}`, { host, listening: () => memory.adapter(transport, host), dialling: () => memory.adapter(transport) })
  }
}
for (const host of ['127.0.0.1', '::1']) {
  adapterSuite(`UDP ${host}`, { host, listening: () => udpAdapter(), dialling: () => udpAdapter() })
  adapterSuite(`TCP ${host}`, { host, listening: () => tcpAdapter(), dialling: () => tcpAdapter() })
  adapterSuite(`TLS ${host}`, { host, target: { serverName: 'sip.example.com' }, listening: () => tlsAdapter(tls), dialling: () => tlsAdapter(tls) })
  adapterSuite(`WS ${host}`, { host, target: { path: '/sip' }, listening: () => wsAdapter({ path: '/sip' }), dialling: () => wsAdapter() })
  adapterSuite(`WSS ${host}`, { host, listening: () => wssAdapter(tls), dialling: () => wssAdapter(tls) })
  adapterSuite(`WebSocket of the host ${host}`, { host, skips, listening: () => wsAdapter({ allowedOrigins: '*' }), dialling: () => webSocketAdapter() })
}

// The host's own WebSocket trusts what the host trusts; from Node 24 on that can be told to a running process.
if (typeof nodeTls.setDefaultCACertificates === 'function') {
  const { getCACertificates, setDefaultCACertificates } = nodeTls
  const trusted = getCACertificates('default')
  beforeAll(() => setDefaultCACertificates([...trusted, authority.ca]))
  afterAll(() => setDefaultCACertificates(trusted))
  adapterSuite('secure WebSocket of the host 127.0.0.1', {
    host: '127.0.0.1', target: { serverName: 'localhost' }, skips, listening: () => wssAdapter({ ...tls, allowedOrigins: '*' }), dialling: () => webSocketAdapter({ secure: true }),
  })
} else {
  console.log(`skipped: secure WebSocket of the host, since Node ${process.versions.node} cannot be told to trust the test's authority`)
}

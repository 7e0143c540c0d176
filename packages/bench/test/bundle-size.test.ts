// Budgets for what a page downloads: nothing grows unnoticed. Last raised for the doors through which features join the user agent, for late and merged requests, the rules of §18.1.1 pings of any kind, and for forks that end and calls that are restored; `npm run bench` measures against the goals. Bundled from sources, so that no build is needed.
import { expect, it } from 'vitest'
import sipParser from '../../sip-parser/package.json' with { type: 'json' }
import { bundleSize, everythingOf } from '../src/bundle-size.ts'

it.each([
  { name: 'user agent, calls, registration', source: `export { UserAgent } from '@offhook/sip-session'`, kilobytes: 51.5 },
  { name: 'softphone', source: `export { Softphone } from '@offhook/sip-webrtc'`, kilobytes: 57.2 },
  { name: 'parser and printer', source: `export { parseMessage, serializeMessage } from '@offhook/sip-parser'`, kilobytes: 12 },
  { name: 'URI parser alone', source: `export { parseUri } from '@offhook/sip-parser'`, kilobytes: 4.5 },
  { name: 'SDP', source: `export { parseSessionDescription, serializeSessionDescription } from '@offhook/sip-sdp'`, kilobytes: 4 },
])('$name: at most $kilobytes KB gzip', async ({ source, kilobytes }) => {
  expect(await bundleSize(source, ['@offhook/source'])).toBeLessThanOrEqual(kilobytes * 1000)
})

it.each(['sip-parser', 'sip-sdp', 'sip-machine', 'sip-auth', 'sip-transaction', 'sip-transport', 'sip-transport-websocket', 'sip-session', 'sip-webrtc', 'sip-server', 'sip-trace'])('an unused import of @offhook/%s costs nothing', async (name) => {
  expect(await bundleSize(`import * as all from '@offhook/${name}'; export const one = 1; if (false) console.log(all)`, ['@offhook/source'])).toBeLessThan(100)
})

it('measures every entry of sip-parser as the whole package', () => {
  const lines = everythingOf('sip-parser').split('\n')
  expect(lines[0]).toBe(`export * from '@offhook/sip-parser'`)
  expect(lines).toHaveLength(Object.keys(sipParser.exports).length - 1)
})

import { describe, expect, it } from 'vitest'
import type { Extension, UserAgentOptions } from '../../src/index.js'
import { createTestNetwork } from '../../src/testing/index.js'
import { RawPeer, SDP } from '../support/raw-peer.js'

function world(extension: Extension): { readonly peer: RawPeer; readonly calls: unknown[]; readonly run: (ms: number) => Promise<void> } {
  const network = createTestNetwork()
  const options: Partial<UserAgentOptions> = { extensions: [extension] }
  const alice = network.agent('alice', options)
  const calls: unknown[] = []
  alice.on('incoming', (call) => calls.push(call))
  return { peer: new RawPeer(network), calls, run: (ms) => network.advance(ms) }
}

describe('a user agent with an extension', () => {
  it('announces its methods and option tags, and grants what is required of them', async () => {
    const { peer } = world({ supported: ['colours'], allow: ['PAINT'] })
    peer.request('OPTIONS', '192.0.2.1', { headers: [['Require', 'Colours']] })
    const ok = await peer.nextResponse(200)
    expect(ok.allow).toContain('PAINT')
    expect(ok.supported).toEqual(['colours'])
    peer.request('OPTIONS', '192.0.2.1', { headers: [['Require', 'colours, sounds']] })
    expect((await peer.nextResponse(420)).headers.get('Unsupported')).toBe('sounds')
  })

  it('lets it take an invitation, of which the application does not hear', async () => {
    const { peer, calls } = world({ invited: (_call, invitation) => (invitation.reject({ statusCode: 410 }), true) })
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    await peer.nextResponse(410)
    expect(calls).toEqual([])
  })

  it('lets it take a request outside of dialogs, and leaves the others to the core', async () => {
    const { peer } = world({
      allow: ['PAINT'],
      outside: (_host, request) => request.request.method === 'PAINT' && (request.accept({ statusCode: 202, headers: { 'X-Colour': 'red' } }), true),
    })
    peer.request('PAINT', '192.0.2.1')
    expect((await peer.nextResponse(202)).headers.get('X-Colour')).toBe('red')
    peer.request('NOTIFY', '192.0.2.1')
    await peer.nextResponse(481)
  })

  it('lets it take a request inside of a call, and dress what is sent', async () => {
    const { peer, run } = world({
      dress: ({ headers }) => headers.append('X-Dressed', 'yes'),
      inside: (call, _session, request) => request.request.method === 'REFER' && (request.accept({ statusCode: 202, headers: { 'X-Call': call.origin.id } }), true),
    })
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    const ringing = await peer.nextResponse(180)
    expect(ringing.headers.getAll('X-Dressed')).toEqual(['yes'])
    peer.inDialog('REFER', ringing, 2, { headers: [['Refer-To', '<sip:carol@example.test>']] })
    expect((await peer.nextResponse(202)).headers.get('X-Call')).toBe(ringing.callId)
    await run(50)
  })

  it('lets it hear every message of a peer, and of each call as it begins', async () => {
    const heard: string[] = []
    const { peer, run } = world({ heard: (message) => heard.push(message.kind === 'request' ? message.method : String(message.statusCode)), began: ({ origin }) => heard.push(`began ${origin.direction}`) })
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    const ringing = await peer.nextResponse(180)
    peer.inDialog('BYE', ringing, 2)
    await peer.nextResponse(487)
    await run(50)
    expect(heard).toEqual(['INVITE', 'began incoming', 'BYE'])
  })

  it('lets it refuse a request of a peer, and say which bodies it takes', async () => {
    const { peer, calls } = world({ accept: ['text/html'], refuse: ({ headers }) => (headers.has('X-Token') ? undefined : { statusCode: 403, reasonPhrase: 'No Token' }) })
    peer.request('INVITE', '192.0.2.1', { body: SDP })
    expect((await peer.nextResponse(403)).reasonPhrase).toBe('No Token')
    expect(calls).toEqual([])
    peer.request('OPTIONS', '192.0.2.1', { headers: [['X-Token', '1']] })
    expect((await peer.nextResponse(200)).headers.get('Accept')).toBe('application/sdp, text/html')
  })

  it('lets it try a refused request again, changed, but not for ever', async () => {
    const network = createTestNetwork()
    const alice = network.agent('alice', {
      extensions: [{
        retry({ request, response }) {
          const next = request.clone()
          next.headers.set('Min-SE', response?.headers.get('Min-SE') ?? '90')
          return response?.statusCode === 422 ? { request: next } : undefined
        },
      }],
    })
    const peer = new RawPeer(network)
    const call = alice.call('sip:bob@192.0.2.99', { body: SDP })
    const first = await peer.nextRequest('INVITE')
    let count = 0
    peer.handle = (message) => {
      if (message.kind !== 'request' || message.method !== 'INVITE') return
      expect(message.cseq.sequence).toBe(first.cseq.sequence + ++count)
      expect(message.headers.get('Min-SE')).toBe('1800')
      peer.respond(message, 422, { headers: [['Min-SE', 1800]] })
    }
    peer.respond(first, 422, { headers: [['Min-SE', 1800]] })
    expect(await network.run(call.ended)).toMatchObject({ status: 422 })
    expect(count).toBe(20)
  })
})

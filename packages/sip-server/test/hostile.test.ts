import { randomInteger } from '@offhook/sip-machine'
import { seededRandom } from '@offhook/sip-machine/testing'
import { serializeMessage } from '@offhook/sip-parser'
import type { TransportName } from '@offhook/sip-transport'
import { describe, expect, it } from 'vitest'
import { createWorld } from './world.js'
import type { Phone, World } from './world.js'

/** Another one each day, so that a year of runs sees more than one run; it is printed when something fails. */
const seed = Math.floor(Date.now() / 86_400_000)

/** What peers say, to be broken: with odd values already in it. */
function samples(phone: Phone): Uint8Array[] {
  const contact = ['Contact', `<${phone.contactUri}>;expires=60;q=0.3`] as const
  const digest = 'Digest username="alice",realm="example.com",nonce="AAAA",uri="sip:example.com",response="00",qop=auth,nc=00000001,cnonce="x"'
  return [
    phone.request('REGISTER', 'sip:example.com', { to: 'sip:alice@example.com', headers: [contact, ['Path', '<sip:p@192.0.2.9;lr>'], ['Supported', 'path, outbound'], ['Authorization', digest]] }),
    phone.request('INVITE', 'sip:bob@example.com', { headers: [['Route', '<sip:n.00000000000000000000@192.0.2.100;lr>, <sip:example.com;lr>'], ['Record-Route', '<sip:x;lr>'], ['Max-Breadth', '3'], ['Proxy-Authorization', digest]], body: 'v=0' }),
    phone.request('INVITE', 'sip:bob@example.com', { headers: [['Route', '<sip:example.com;lr>']] }),
    phone.request('MESSAGE', 'sip:bob@example.com', { body: 'hello', headers: [['Proxy-Require', 'a'], ['Require', 'b']] }),
    phone.request('ACK', 'sip:bob@example.com', { headers: [['Route', '<sip:example.com;lr>']] }),
    phone.request('CANCEL', 'sip:bob@example.com'),
    phone.request('OPTIONS', 'sip:example.com'),
  ].map(serializeMessage)
}

function mutate(bytes: Uint8Array, pick: (limit: number) => number): Uint8Array {
  if (bytes.length === 0) return bytes
  const text = new TextDecoder().decode(bytes)
  const lines = text.split('\r\n')
  switch (pick(7)) {
    case 0: lines.splice(pick(lines.length), 1); break
    case 1: lines.splice(pick(lines.length), 0, lines[pick(lines.length)] ?? ''); break
    case 2: {
      const index = pick(lines.length)
      lines[index] = (lines[index] ?? '').slice(0, pick(40))
      break
    }
    case 3: {
      const odd = ['', ';', '<>', '"', '%', '%zz', '*', '\u0000', 'sip:', '@', ',', '0', '-1', '99999999999999999999', '__proto__', '<sip:a@b>;tag=', '[::1', ';;;=']
      const index = pick(lines.length)
      lines[index] = (lines[index] ?? '').replace(/: .*/, `: ${odd[pick(odd.length)] ?? ''}`)
      break
    }
    case 4: {
      const at = pick(bytes.length)
      const copy = bytes.slice()
      copy[at] = pick(256)
      return copy
    }
    case 5: return bytes.subarray(0, pick(bytes.length))
    default: {
      const index = pick(lines.length)
      lines[index] = (lines[index] ?? '').replace(/[;=<>@:"]/, ['', '', ';;', '=', '<', '>', '@', ':', '"'][pick(9)] ?? '')
    }
  }
  return new TextEncoder().encode(lines.join('\r\n'))
}

async function isAlive(world: World): Promise<boolean> {
  const phone = await world.phone('alive')
  return (await phone.ask(phone.request('OPTIONS', 'sip:example.com'))).statusCode === 200
}

describe('one bad message never takes the server down', () => {
  it.each<[TransportName, boolean]>([['UDP', false], ['UDP', true], ['WS', false], ['WS', true]])('broken requests over %s, with passwords %s', async (transport, guarded) => {
    const random = seededRandom(seed)
    const pick = (limit: number): number => randomInteger(random, 0, limit)
    const world = await createWorld(guarded ? { auth: { passwords: () => 'x' } } : {})
    const bob = await world.phone('bob')
    if (!guarded) await bob.register()
    const evil = await world.phone('alice', { transport })
    for (let round = 0; round < 60; round += 1) {
      for (const sample of samples(evil)) {
        let bytes = sample
        for (let times = 0; times <= pick(3); times += 1) bytes = mutate(bytes, pick)
        evil.flow.send(bytes)
      }
      await world.pass(5)
    }
    await world.pass(300_000)
    expect(world.errors, `seed ${seed}`).toEqual([])
    expect([world.server.transactions, world.server.pendingRequests], `seed ${seed}`).toEqual([0, 0])
    expect(await isAlive(world)).toBe(true)
  })
})

describe('CVE-2018-7286, CVE-2020-28327: a connection that breaks at any moment of a call', () => {
  const moments = ['after INVITE', 'while ringing', 'after 200', 'after ACK'] as const
  it.each(moments.flatMap((moment) => (['TCP', 'WS', 'WSS'] as const).flatMap((transport) => (['caller', 'callee'] as const).map((who) => [who, transport, moment] as const))))('the %s, %s, %s', async (who, transport, moment) => {
    const world = await createWorld()
    const [alice, bob] = [await world.phone('alice', { transport, deaf: true }), await world.phone('bob', { transport, deaf: true })]
    await bob.register()
    const invite = alice.request('INVITE', 'sip:bob@example.com')
    alice.send(invite)
    await world.pass()
    const breaking = who === 'caller' ? alice : bob
    const arrived = bob.received('INVITE')
    if (moment !== 'after INVITE') {
      bob.reply(arrived, 180)
      await world.pass()
    }
    if (moment === 'after 200' || moment === 'after ACK') {
      bob.reply(arrived, 200)
      await world.pass()
    }
    if (moment === 'after ACK') alice.send(alice.inDialog('ACK', alice.responsesTo(invite).at(-1)!, { cseq: 1 }))
    await breaking.close()
    if (who === 'caller' && moment === 'while ringing') {
      expect(bob.requests('CANCEL')).toHaveLength(1)
      bob.reply(bob.received('CANCEL'), 200)
      bob.reply(arrived, 487)
    }
    if (who === 'callee' && (moment === 'after INVITE' || moment === 'while ringing')) expect(alice.statusesOf(invite).at(-1)).toBe(480)
    await world.pass(300_000)
    expect(world.errors).toEqual([])
    expect([world.server.transactions, world.server.pendingRequests]).toEqual([0, 0])
    expect(await isAlive(world)).toBe(true)
  })
})

describe('what is kept of a peer is bounded', () => {
  it('a Contact or Path of kilobytes is refused', async () => {
    const world = await createWorld()
    const bob = await world.phone('bob')
    const long = 'x'.repeat(3000)
    for (const headers of [[['Contact', `<sip:b@h;y=${long}>`]], [['Contact', '<sip:b@h>'], ['Path', `<sip:h;lr;y=${long}>`]]] as const) {
      expect((await bob.ask(bob.request('REGISTER', 'sip:example.com', { to: 'sip:bob@example.com', headers }))).statusCode).toBe(400)
    }
    expect(world.server.registered()).toEqual([])
  })
})

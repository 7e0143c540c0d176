import { describe, expect, it } from 'vitest'
import { MemoryLocationStore, ServerError } from '../src/index.js'
import type { Binding, LocationStore, RegistrationChange } from '../src/index.js'
import { createWorld } from './world.js'
import type { Phone, World } from './world.js'

const domain = 'sip:example.com'
const contactsOf = (response: { readonly contacts: readonly unknown[] | '*' }): string[] => (response.contacts === '*' ? ['*'] : response.contacts.map(String))

function register(phone: Phone, contacts: readonly string[], headers: readonly (readonly [string, string])[] = [], more: Parameters<Phone['request']>[2] = {}): ReturnType<Phone['request']> {
  return phone.request('REGISTER', domain, { to: `sip:${phone.name}@example.com`, headers: [...contacts.map((contact) => ['Contact', contact] as const), ...headers], ...more })
}

async function start(options: Parameters<typeof createWorld>[0] = {}): Promise<{ world: World; bob: Phone; reasons: () => string[] }> {
  const world = await createWorld(options)
  return { world, bob: await world.phone('bob'), reasons: () => world.changes.map(({ reason, bindings }: RegistrationChange) => `${reason} ${bindings.length}`) }
}

describe('RFC 3261 §10.3 registrar', () => {
  it('binds, lists, refreshes, unbinds', async () => {
    const { world, bob, reasons } = await start()
    const contact = `<${bob.contactUri}>`
    expect(contactsOf(await bob.ask(register(bob, [contact], [['Expires', '600']])))).toEqual([`${contact};expires=600`])
    await world.pass(100_000)
    expect(contactsOf(await bob.ask(register(bob, [])))).toEqual([`${contact};expires=500`])
    expect(contactsOf(await bob.ask(register(bob, [contact], [['Expires', '600']])))).toEqual([`${contact};expires=600`])
    expect(world.server.registered()).toMatchObject([{ addressOfRecord: 'sip:bob@example.com', bindings: [{ uri: { host: bob.host } }] }])
    expect(contactsOf(await bob.ask(register(bob, [contact], [['Expires', '0']])))).toEqual([])
    expect(reasons()).toEqual(['registered 1', 'registered 1', 'unregistered 0'])
    expect(world.server.registered()).toEqual([])
  })

  it('lets bindings expire, at their time', async () => {
    const { world, bob, reasons } = await start()
    await bob.ask(register(bob, ['<sip:bob@192.0.2.1>;expires=60', '<sip:bob@192.0.2.2>;expires=120']))
    await world.pass(59_900)
    expect(reasons()).toEqual(['registered 2'])
    await world.pass(100)
    expect(reasons()).toEqual(['registered 2', 'expired 1'])
    await world.pass(60_000)
    expect(reasons()).toEqual(['registered 2', 'expired 1', 'expired 0'])
  })

  it.each<[string, readonly string[], readonly (readonly [string, string])[], number | undefined, string]>([
    ['parameter before header', ['<sip:b@h>;expires=100'], [['Expires', '200']], 200, 'expires=100'],
    ['header alone', ['<sip:b@h>'], [['Expires', '200']], 200, 'expires=200'],
    ['neither: the default', ['<sip:b@h>'], [], 200, 'expires=1800'],
    ['more than the maximum is cut', ['<sip:b@h>;expires=7200'], [], 200, 'expires=3000'],
    ['a broken parameter counts as absent', ['<sip:b@h>;expires=soon'], [], 200, 'expires=1800'],
    ['too brief', ['<sip:b@h>;expires=10'], [], 423, '90'],
    ['one of two too brief', ['<sip:b@h>', '<sip:c@h>;expires=10'], [], 423, '90'],
    ['zero is never too brief', ['<sip:b@h>;expires=0'], [], 200, ''],
    ['"*" with an expiry', ['*'], [['Expires', '1']], 400, ''],
    ['"*" without expiry', ['*'], [], 400, ''],
    ['"*" beside another contact', ['*', '<sip:b@h>'], [['Expires', '0']], 400, ''],
    ['no SIP contact', ['<mailto:b@h>'], [], 400, ''],
    ['unreadable contact', ['<sip:'], [], 400, ''],
    ['unreadable Expires', ['<sip:b@h>'], [['Expires', 'x']], undefined, ''],
    ['unknown Require', ['<sip:b@h>'], [['Require', 'path, gruu, nothing']], 420, 'gruu, nothing'],
  ])('%s', async (_, contacts, headers, status, fact) => {
    const { bob } = await start({ registrar: { minExpires: 90, defaultExpires: 1800, maxExpires: 3000 } })
    const response = await bob.ask(register(bob, contacts, headers))
    if (status === undefined) expect([200, 400]).toContain(response.statusCode)
    else expect(response.statusCode).toBe(status)
    if (status === 200) expect(response.headers.get('Contact') ?? '').toContain(fact)
    if (status === 423) expect(response.minExpires).toBe(Number(fact))
    if (status === 420) expect(response.unsupported.join(', ')).toBe(fact)
  })

  it('"*" removes every binding', async () => {
    const { bob } = await start()
    await bob.ask(register(bob, ['<sip:b@h1>', '<sip:b@h2>']))
    expect(contactsOf(await bob.ask(register(bob, ['*'], [['Expires', '0']])))).toEqual([])
  })

  it('ignores what comes out of order within a Call-ID, takes any CSeq under another', async () => {
    const { bob } = await start()
    expect((await bob.ask(register(bob, ['<sip:b@h>'], [], { cseq: 5 }))).statusCode).toBe(200)
    expect((await bob.ask(register(bob, ['<sip:b@h>'], [['Expires', '0']], { cseq: 5 }))).statusCode).toBe(500)
    expect((await bob.ask(register(bob, ['<sip:b@h>'], [['Expires', '0']], { cseq: 4 }))).statusCode).toBe(500)
    expect((await bob.ask(register(bob, ['*'], [['Expires', '0']], { cseq: 4 }))).statusCode).toBe(500)
    expect(contactsOf(await bob.ask(register(bob, [], [], { cseq: 6 })))).toHaveLength(1)
    expect(contactsOf(await bob.ask(register(bob, ['<sip:b@h>'], [['Expires', '0']], { cseq: 1, callId: 'other' })))).toEqual([])
  })

  it('is all or nothing', async () => {
    const { bob } = await start()
    await bob.ask(register(bob, ['<sip:b@h1>'], [], { cseq: 9 }))
    expect((await bob.ask(register(bob, ['<sip:b@h2>', '<sip:b@h1>'], [], { cseq: 8 }))).statusCode).toBe(500)
    expect(contactsOf(await bob.ask(register(bob, [], [], { cseq: 10 })))).toEqual(['<sip:b@h1>;expires=3600'])
  })

  it('keeps parameters of a contact, and compares URIs as RFC 3261 §19.1.4 says', async () => {
    const { bob } = await start()
    await bob.ask(register(bob, ['"Bob" <sip:b@h;transport=tcp>;q=0.5;+sip.instance="<urn:uuid:1>"']))
    const again = await bob.ask(register(bob, ['<sip:%62@H;transport=TCP>;q=0.7']))
    expect(contactsOf(again)).toEqual(['<sip:%62@H;transport=TCP>;q=0.7;expires=3600'])
  })

  it('registration flood: the contacts of one address are capped', async () => {
    const { bob } = await start({ registrar: { maxBindings: 3 } })
    expect((await bob.ask(register(bob, ['<sip:b@h1>', '<sip:b@h2>', '<sip:b@h3>']))).statusCode).toBe(200)
    expect((await bob.ask(register(bob, ['<sip:b@h4>']))).statusCode).toBe(403)
    expect((await bob.ask(register(bob, ['<sip:b@h3>;expires=0', '<sip:b@h4>']))).statusCode).toBe(200)
    expect((await bob.ask(register(bob, ['<sip:b@h1>']))).statusCode).toBe(200)
  })

  it('one user under every spelling of the address', async () => {
    const { bob, world } = await start({ domains: ['example.com', 'example.net'] })
    for (const to of ['sip:bob@example.com', 'sip:b%6Fb@EXAMPLE.com', 'sips:bob@example.net:5070;transport=tcp']) {
      expect((await bob.ask(register(bob, [], [['Contact', '<sip:b@h>']], { to, from: to }))).statusCode).toBe(200)
    }
    expect(world.server.registered().map(({ addressOfRecord }) => addressOfRecord)).toEqual(['sip:bob@example.com'])
  })

  it('refuses addresses of other domains with 404, registrars of other domains with 403', async () => {
    const { bob } = await start()
    expect((await bob.ask(register(bob, ['<sip:b@h>'], [], { to: 'sip:bob@elsewhere.org', from: 'sip:bob@elsewhere.org' }))).statusCode).toBe(404)
    expect((await bob.ask(register(bob, ['<sip:b@h>'], [], { to: 'sip:example.com' }))).statusCode).toBe(404)
    expect((await bob.ask(bob.request('REGISTER', 'sip:elsewhere.org', { to: 'sip:bob@elsewhere.org' }))).statusCode).toBe(403)
  })

  it('registration hijack: nobody registers for somebody else, even on an open server', async () => {
    const { bob } = await start()
    expect((await bob.ask(register(bob, ['<sip:b@h>'], [], { to: 'sip:alice@example.com' }))).statusCode).toBe(403)
  })

  it('takes every host for its own when told to', async () => {
    const { bob, world } = await start({ domains: '*' })
    expect((await bob.ask(bob.request('REGISTER', 'sip:192.0.2.100', { to: 'sip:bob@192.0.2.100', from: 'sip:bob@192.0.2.100', headers: [['Contact', '<sip:b@h>']] }))).statusCode).toBe(200)
    expect(world.server.registered()[0]?.addressOfRecord).toBe('sip:bob@localhost')
  })
})

describe('RFC 5626 and RFC 3327', () => {
  const outbound = (contact: string): readonly string[] => [`${contact};reg-id=1;+sip.instance="<urn:uuid:0c67>"`]

  it('a new contact of the same instance replaces the old one', async () => {
    const { bob } = await start()
    await bob.ask(register(bob, outbound('<sip:b@one.invalid;transport=ws>'), [['Supported', 'outbound, path']]))
    const second = await bob.ask(register(bob, outbound('<sip:b@two.invalid;transport=ws>'), [['Supported', 'outbound, path']]))
    expect(contactsOf(second)).toHaveLength(1)
    expect(contactsOf(second)[0]).toContain('two.invalid')
    expect(second.require).toEqual(['outbound'])
  })

  it('without Supported: outbound, reg-id means nothing', async () => {
    const { bob } = await start()
    await bob.ask(register(bob, outbound('<sip:b@one.invalid>')))
    const second = await bob.ask(register(bob, outbound('<sip:b@two.invalid>')))
    expect(contactsOf(second)).toHaveLength(2)
    expect(second.require).toEqual([])
  })

  it('keeps the Path and sends calls along it', async () => {
    const { world, bob } = await start()
    const edge = await world.phone('edge', { host: '192.0.2.200' })
    const response = await bob.ask(register(bob, ['<sip:bob@10.0.0.1>'], [['Path', '<sip:edge@192.0.2.200;lr>'], ['Supported', 'path']]))
    expect(String(response.path[0])).toBe('<sip:edge@192.0.2.200;lr>')
    const alice = await world.phone('alice')
    alice.send(alice.request('MESSAGE', 'sip:bob@example.com'))
    await world.pass()
    const message = edge.received('MESSAGE')
    expect(String(message.route[0])).toBe('<sip:edge@192.0.2.200;lr>')
    expect(String(message.requestUri)).toBe('sip:bob@10.0.0.1')
  })
})

describe('flow death (RFC 5626 §5.3)', () => {
  it.each(['WS', 'WSS'] as const)('%s: the binding dies with the connection, callers get 480', async (transport) => {
    const world = await createWorld()
    const bob = await world.phone('bob', { transport })
    const alice = await world.phone('alice')
    await bob.register()
    await bob.close()
    expect(world.changes.at(-1)).toMatchObject({ reason: 'flow-closed', bindings: [] })
    expect((await alice.ask(alice.request('INVITE', 'sip:bob@example.com'))).statusCode).toBe(480)
  })

  it('TCP behind a NAT: dies too', async () => {
    const world = await createWorld()
    const bob = await world.phone('bob', { transport: 'TCP', deaf: true, contact: 'sip:bob@10.0.0.7;transport=tcp' })
    await bob.register()
    await bob.close()
    expect(world.changes.at(-1)).toMatchObject({ reason: 'flow-closed', bindings: [] })
  })

  it('TCP that can be dialled: the contact is dialled', async () => {
    const world = await createWorld()
    const bob = await world.phone('bob', { transport: 'TCP' })
    const alice = await world.phone('alice')
    await bob.register()
    await bob.close()
    expect(world.changes.at(-1)).toMatchObject({ reason: 'flow-closed', bindings: [{ dialable: true }] })
    alice.send(alice.request('MESSAGE', 'sip:bob@example.com'))
    await world.pass()
    bob.reply(bob.received('MESSAGE'), 200)
  })

  it('only the user on that connection goes', async () => {
    const world = await createWorld()
    const [bob, carol] = [await world.phone('bob', { transport: 'WS' }), await world.phone('carol', { transport: 'WS' })]
    await bob.register()
    await carol.register()
    await bob.close()
    expect(world.server.registered().map(({ addressOfRecord }) => addressOfRecord)).toEqual(['sip:carol@example.com'])
  })

  it('UDP behind a NAT is reached where it sends from', async () => {
    const world = await createWorld()
    const bob = await world.phone('bob', { contact: 'sip:bob@10.0.0.7:5062', sentBy: '10.0.0.7:5062' })
    const alice = await world.phone('alice')
    await bob.register()
    const message = alice.request('MESSAGE', 'sip:bob@example.com')
    alice.send(message)
    await world.pass()
    expect(String(bob.received('MESSAGE').requestUri)).toBe('sip:bob@10.0.0.7:5062')
  })
})

describe('location stores', () => {
  it('memory: bounded, offline users are forgotten first', () => {
    const store = new MemoryLocationStore({ maxAddresses: 2 })
    const binding = { expiresAt: 1 } as Binding
    expect(store.update('sip:a@h', () => [binding])).toBe(true)
    expect(store.update('sip:b@h', () => [binding])).toBe(true)
    expect(store.update('sip:c@h', () => [binding])).toBe(false)
    expect(store.update('sip:a@h', () => [])).toBe(true)
    expect(store.knows('sip:a@h')).toBe(true)
    expect(store.update('sip:c@h', () => [binding])).toBe(true)
    expect(store.knows('sip:a@h')).toBe(false)
    expect(store.update('sip:d@h', () => undefined)).toBe(true)
    expect(store.size).toBe(2)
    expect(store.bindings('__proto__')).toEqual([])
    expect(store.knows('constructor')).toBe(false)
  })

  it('a full store answers 503', async () => {
    const { bob } = await start({ locations: new MemoryLocationStore({ maxAddresses: 0 }) })
    const response = await bob.register()
    expect([response.statusCode, response.retryAfter]).toEqual([503, 60])
  })

  it('may be slow', async () => {
    const memory = new MemoryLocationStore()
    const slow: LocationStore = {
      bindings: async (aor) => memory.bindings(aor),
      update: async (aor, change) => memory.update(aor, change),
      knows: async (aor) => memory.knows(aor),
    }
    const { world, bob } = await start({ locations: slow })
    const alice = await world.phone('alice')
    expect((await bob.register()).statusCode).toBe(200)
    const message = alice.request('MESSAGE', 'sip:bob@example.com')
    alice.send(message)
    await world.pass()
    bob.reply(bob.received('MESSAGE'), 202)
    await world.pass()
    expect(alice.statusesOf(message)).toEqual([202])
    expect((await alice.ask(alice.request('MESSAGE', 'sip:nobody@example.com'))).statusCode).toBe(404)
  })

  it.each([
    ['rejects', async () => Promise.reject(new TypeError('database'))],
    ['throws', () => { throw new TypeError('database') }],
  ])('that %s: 500 for the peer, the error for the owner', async (_, fail) => {
    const broken: LocationStore = { bindings: fail, update: fail, knows: fail }
    const { world, bob } = await start({ locations: broken })
    expect((await bob.register()).statusCode).toBe(500)
    expect((await bob.ask(bob.request('MESSAGE', 'sip:bob@example.com'))).statusCode).toBe(500)
    expect(world.errors).toHaveLength(2)
  })

  it('the operator binds a robot for good', async () => {
    const { world, bob } = await start()
    const robot = await world.phone('echo', { port: 5080 })
    await world.server.bind('sip:echo@example.com', robot.contactUri)
    await world.pass(10_000_000)
    bob.send(bob.request('MESSAGE', 'sip:echo@example.com'))
    await world.pass()
    expect(robot.received('MESSAGE').method).toBe('MESSAGE')
    await robot.ask(register(robot, ['*'], [['Expires', '0']]))
    expect(world.server.registered().map(({ addressOfRecord }) => addressOfRecord)).toContain('sip:echo@example.com')
    await expect(world.server.bind('sip:echo@elsewhere.org', 'sip:x@h')).rejects.toThrow(ServerError)
    await expect(world.server.bind('sip:echo@example.com', 'tel:1')).rejects.toThrow(ServerError)
  })
})

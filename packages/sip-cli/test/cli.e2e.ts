// The built command against `offhook serve`, all on loopback with ports that the system chooses.
import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { isBuilt, Offhook, offhook } from './support/offhook.js'

if (!isBuilt) console.log('sip-cli is not built, so its e2e tests are skipped; run the build first')

const running = new Set<Offhook>()
const folder = mkdtempSync(join(tmpdir(), 'offhook-cli-'))

afterEach(async () => {
  await Promise.all([...running].map((each) => each.stop()))
  running.clear()
})

function start(...words: string[]): Offhook {
  const command = new Offhook(words)
  running.add(command)
  return command
}

/** A server with SIP on UDP and TCP; gives `host:port` of both, and the page. */
async function serve(...words: string[]): Promise<{ server: Offhook; udp: string; tcp: string; page: string }> {
  const server = start('serve', '--http', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0', ...words)
  const { url } = await server.event('ready')
  const at = (transport: string): string => {
    const event = server.events.find((each) => each.event === 'listening' && each['transport'] === transport)
    return `127.0.0.1:${String(event?.['port'])}`
  }
  return { server, udp: at('UDP'), tcp: at('TCP'), page: String(url) }
}

describe.skipIf(!isBuilt)('offhook serve', () => {
  it('ends with 0 on Ctrl-C', async () => {
    const { server } = await serve()
    expect(await server.stop()).toBe(0)
  })

  it('hands out the page and who is online', async () => {
    const { page, udp, server } = await serve()
    expect(await (await fetch(page)).text()).toContain('<title>offhook</title>')
    expect((await offhook('register', 'sip:alice@localhost', '--registrar', `sip:${udp}`)).code).toBe(0)
    await server.event('registration')
    expect(await (await fetch(`${page}online`)).json()).toEqual({ domain: 'localhost', passwords: false, robot: 'echo', users: ['alice'] })
    const gone = await offhook('register', 'sip:alice@localhost', '--registrar', `sip:${udp}`, '--expires', '0')
    expect([gone.code, gone.events[0]?.event]).toEqual([0, 'unregistered'])
    await server.event('registration', (event) => event['online'] === false)
  })

  it('registers, over UDP, TCP and WebSocket, and users are made on the fly', async () => {
    const { udp, tcp, page, server } = await serve()
    const routes = { ann: `sip:${udp}`, ben: `sip:${tcp};transport=tcp`, cat: `${page.replace('http', 'ws')}sip` }
    for (const [name, registrar] of Object.entries(routes)) {
      const { code, events, stderr } = await offhook('register', `sip:${name}@localhost`, '--registrar', registrar, '--expires', '120')
      expect(code, stderr).toBe(0)
      expect(events).toMatchObject([{ event: 'registered', aor: `sip:${name}@localhost`, expires: 120 }])
      await server.event('registration', (event) => event['name'] === name && event['online'] === true)
    }
  })

  it.each(['udp', 'tcp', 'ws'] as const)('answers calls to the robot over %s', async (transport) => {
    const { udp, tcp, page } = await serve()
    const route = { udp: `sip:${udp}`, tcp: `sip:${tcp};transport=tcp`, ws: `${page.replace('http', 'ws')}sip` }[transport]
    const { code, events, stderr } = await offhook('call', 'sip:echo@localhost', '--user', 'alice', '--route', route, '--duration', '0.2')
    expect(code, stderr).toBe(0)
    expect(events.map(({ event }) => event).filter((event) => event !== 'ringing')).toEqual(['calling', 'answered', 'ended'])
  })

  it('connects a caller with somebody who registered, and passes messages on', async () => {
    const { tcp } = await serve()
    const bob = start('answer', '--register', 'sip:bob@localhost', '--registrar', `sip:${tcp};transport=tcp`)
    await bob.event('registered')
    const called = await offhook('call', 'sip:bob@localhost', '--user', 'alice', '--route', `sip:${tcp};transport=tcp`, '--duration', '0.2')
    expect(called.code, called.stderr).toBe(0)
    expect(await bob.event('answered')).toBeDefined()
    expect(await bob.event('ended')).toMatchObject({ by: 'remote', cause: 'hung-up' })
    const sent = await offhook('message', 'sip:bob@localhost', 'Good morning', '--user', 'alice', '--route', `sip:${tcp};transport=tcp`)
    expect(sent.code, sent.stderr).toBe(0)
    expect(await bob.event('message')).toMatchObject({ from: 'sip:alice@localhost', text: 'Good morning' })
  })

  it('says that nobody is known under a name', async () => {
    const { udp } = await serve()
    const { code, stderr } = await offhook('call', 'sip:nobody@localhost', '--user', 'alice', '--route', `sip:${udp}`)
    expect(code).toBe(1)
    expect(stderr).toMatch(/did not take the call: 404 .*; check the name/)
  })

  it('lets in who knows the password and nobody else', async () => {
    const { udp } = await serve('--auth', 'alice:secret')
    const right = await offhook('register', 'sip:alice@localhost', '--registrar', `sip:${udp}`, '--password', 'secret')
    expect(right.code, right.stderr).toBe(0)
    const wrong = await offhook('register', 'sip:alice@localhost', '--registrar', `sip:${udp}`, '--password', 'guess')
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toMatch(/did not register sip:alice@localhost: .*check --user and --password\n$/)
    expect(wrong.stderr.match(/\n/g)).toHaveLength(1)
    const call = await offhook('call', 'sip:echo@localhost', '--user', 'alice', '--password', 'secret', '--route', `sip:${udp}`, '--duration', '0.1')
    expect(call.code, call.stderr).toBe(0)
    const stranger = await offhook('call', 'sip:echo@localhost', '--user', 'mallory', '--route', `sip:${udp}`)
    expect(stranger.code).toBe(1)
  })

  it('takes users from a file', async () => {
    const path = join(folder, 'users.txt')
    writeFileSync(path, '# people\nalice:secret\n')
    const { udp } = await serve('--users', path)
    expect((await offhook('register', 'sip:alice@localhost', '--registrar', `sip:${udp}`, '--password', 'secret')).code).toBe(0)
  })

  it('is asked what it can do', async () => {
    const { udp } = await serve()
    const { code, events, stderr } = await offhook('options', 'sip:echo@localhost', '--user', 'alice', '--route', `sip:${udp}`)
    expect(code, stderr).toBe(0)
    expect(events[0]).toMatchObject({ event: 'response', status: 200 })
    expect(events[0]?.['allow']).toContain('INVITE')
  })

  it('serves https and SIP over WSS with a certificate', async () => {
    const cert = join(folder, 'cert.pem')
    const key = join(folder, 'key.pem')
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' })
    expect(readFileSync(cert, 'utf8')).toContain('BEGIN CERTIFICATE')
    const { server } = await serve('--listen', 'wss:127.0.0.1:0', '--listen', 'tls:127.0.0.1:0', '--cert', cert, '--key', key)
    const page = String(server.events.find(({ event, ...rest }) => event === 'page' && String(rest['url']).startsWith('https'))?.['url'])
    const tls = server.events.find((event) => event['transport'] === 'TLS')
    const wss = await offhook('register', 'sip:wes@localhost', '--registrar', `${page.replace('https', 'wss')}sip`, '--ca', cert)
    expect(wss.code, wss.stderr).toBe(0)
    const secure = await offhook('options', 'sip:echo@localhost', '--user', 'tom', '--route', `sip:localhost:${String(tls?.['port'])};transport=tls`, '--ca', cert)
    expect(secure.code, secure.stderr).toBe(0)
    const untrusted = await offhook('options', 'sip:echo@localhost', '--user', 'tom', '--route', `sip:localhost:${String(tls?.['port'])};transport=tls`)
    expect(untrusted.code).toBe(3)
    expect(untrusted.stderr).toMatch(/--ca <file>|cannot be reached/)
  })
})

describe.skipIf(!isBuilt)('offhook answer', () => {
  it.each(['udp:127.0.0.1', 'tcp:127.0.0.1', 'udp:[::1]', 'tcp:[::1]', 'ws:127.0.0.1'])('takes calls on %s', async (where) => {
    const answer = start('answer', '--listen', `${where}:0`)
    const { port, host } = await answer.event('listening')
    const address = `${String(host).includes(':') ? `[${String(host)}]` : String(host)}:${String(port)}`
    const transport = where.slice(0, where.indexOf(':'))
    const { code, stderr } = await offhook('call', `sip:anybody@${address};transport=${transport}`, '--duration', '0.1')
    expect(code, stderr).toBe(0)
    expect(await answer.event('ended')).toMatchObject({ cause: 'hung-up' })
  })

  it('rings, refuses, hangs up by itself', async () => {
    const busy = start('answer', '--listen', 'udp:127.0.0.1:0', '--status', '486')
    const refused = await offhook('call', `sip:a@127.0.0.1:${String((await busy.event('listening'))['port'])}`)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('486 Busy Here; try again later')
    const slow = start('answer', '--listen', 'udp:127.0.0.1:0', '--ring', '60000')
    const cancelled = await offhook('call', `sip:a@127.0.0.1:${String((await slow.event('listening'))['port'])}`, '--cancel-after', '0.2')
    expect(cancelled.code).toBe(1)
    expect(cancelled.events.at(-1)).toMatchObject({ event: 'ended', cause: 'cancelled' })
    expect(await slow.event('ended')).toMatchObject({ cause: 'cancelled' })
    const short = start('answer', '--listen', 'udp:127.0.0.1:0', '--hangup-after', '0.2')
    const over = await offhook('call', `sip:a@127.0.0.1:${String((await short.event('listening'))['port'])}`, '--tone', '440')
    expect(over.code, over.stderr).toBe(0)
    expect(over.events.at(-1)).toMatchObject({ event: 'ended', by: 'remote' })
  })
})

describe.skipIf(!isBuilt)('features of calls', () => {
  const answering = async (...words: readonly string[]): Promise<{ answer: Offhook; target: string }> => {
    const answer = start('answer', '--listen', 'udp:127.0.0.1:0', ...words)
    return { answer, target: `sip:a@127.0.0.1:${String((await answer.event('listening'))['port'])}` }
  }
  const did = (events: readonly { readonly event: string }[]): unknown[] => events.filter(({ event }) => event === 'did')

  it('early media, credentials, one codec, a script', async () => {
    const script = join(folder, 'script.txt')
    writeFileSync(script, '# both ways\n0.1 hold\n+0.2 resume\n+0.2 update\n+0.1 dtmf 5\n+0.4 message hello\n')
    const { answer, target } = await answering('--ring', '100', '--early-media', '--require-auth', 'bob:secret', '--codec', 'PCMA', '--100rel', 'required')
    const { code, events, stderr } = await offhook('call', target, '--user', 'bob', '--password', 'secret', '--realm', 'offhook', '--preemptive-auth', '--script', script, '--duration', '1.8')
    expect(code, stderr).toBe(0)
    expect(events).toContainEqual(expect.objectContaining({ event: 'progress', status: 183 }))
    expect(events).toContainEqual(expect.objectContaining({ event: 'answered', status: 200, reason: 'OK' }))
    expect(did(events)).toEqual(['hold', 'resume', 'update', 'dtmf', 'message'].map((action) => expect.objectContaining({ action, ok: true }) as unknown))
    expect(await answer.event('dtmf')).toMatchObject({ digit: '5' })
    expect(await answer.event('message')).toMatchObject({ text: 'hello' })
    const wrong = await offhook('call', target, '--user', 'bob', '--password', 'guess')
    expect([wrong.code, wrong.events.at(-1)?.event]).toEqual([1, 'error'])
  })

  it('refuses re-INVITEs and the second call', async () => {
    const { target } = await answering('--reject-reinvite', '--max-calls', '1')
    const first = start('call', target, '--hold-after', '0.1', '--duration', '2')
    await first.event('did')
    expect(did(first.events)).toEqual([expect.objectContaining({ action: 'hold', ok: false, status: 488 })])
    const second = await offhook('call', target)
    expect(second.events).toContainEqual(expect.objectContaining({ event: 'ended', cause: 'busy', status: 486 }))
    expect(await first.ended).toBe(0)
  })

  it('is transferred, and hangs up', async () => {
    const { answer: carol, target: third } = await answering('--hangup-after', '1')
    const { answer, target } = await answering('--session-expires', '90')
    const { code, events, stderr } = await offhook('call', target, '--offerless', '--refer-to', third)
    expect(code, stderr).toBe(0)
    expect(did(events)).toEqual([expect.objectContaining({ action: 'refer', ok: true, status: 200 })])
    expect(await answer.event('transferred')).toMatchObject({ target: third })
    expect(await carol.event('answered')).toBeDefined()
  })
})

describe.skipIf(!isBuilt)('what stands in the way is said in one line with its remedy', () => {
  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    try {
      const tcp = await offhook('answer', '--listen', `tcp:127.0.0.1:${port}`)
      expect([tcp.code, tcp.stderr]).toEqual([3, `offhook: tcp:127.0.0.1:${port} is in use by another program; stop that program or choose another port with --listen tcp:127.0.0.1:0\n`])
      expect(tcp.events.at(-1)).toMatchObject({ event: 'error', code: 'address-in-use' })
      const page = await offhook('serve', '--http', String(port))
      expect([page.code, page.stderr]).toEqual([3, `offhook: 127.0.0.1:${port} is in use by another program; stop that program or choose another port with --http 127.0.0.1:${port + 1}\n`])
    } finally {
      other.close()
    }
  })

  it('the usual SIP port in use: another one, with a word', async () => {
    const other = createSocket('udp4')
    other.bind(5060, '127.0.0.1')
    const taken = await Promise.race([once(other, 'listening').then(() => true), once(other, 'error').then(() => true)])
    expect(taken).toBe(true)
    try {
      const server = start('serve', '--http', '127.0.0.1:0')
      await server.event('ready')
      expect(await server.event('warning')).toMatchObject({ code: 'address-in-use' })
      expect((await server.event('listening', (event) => event['transport'] === 'UDP'))['port']).not.toBe(5060)
    } finally {
      other.close()
    }
  })

  it.each([
    [['serve', '--http', '127.0.0.1:0', '--listen', 'tls:127.0.0.1:0'], /tls:127.0.0.1:0 needs a certificate; name one with --cert <file> and --key <file>/],
    [['answer', '--listen', 'wss:127.0.0.1:0', '--cert', '/nowhere/cert.pem', '--key', '/nowhere/key.pem'], /--cert: \/nowhere\/cert.pem does not exist; check the path/],
    [['options', 'sip:a@127.0.0.1:9;transport=tcp'], /127.0.0.1:9.* (nobody listens|cannot be reached)|nobody listens at sip:a@127.0.0.1:9/],
    [['call', 'sip:a@127.0.0.1', '--route', 'ws://127.0.0.1:9/'], /ws:\/\/127.0.0.1:9\//],
    [['register', 'sip:a@127.0.0.1', '--registrar', 'sip:127.0.0.1:9;transport=tcp'], /sip:127.0.0.1:9;transport=tcp/],
    [['call', 'sip:a@192.0.2.1', '--listen', 'udp:192.0.2.77:0'], /udp:192.0.2.77:0 is not an address of this machine/],
  ])('%j', async (words, text) => {
    const { code, stderr } = await offhook(...words)
    expect(stderr).toMatch(text)
    expect(stderr.match(/\n/g)).toHaveLength(1)
    expect(code).toBe(3)
  })
})

describe('temporary files', () => {
  it('are gone', () => rmSync(folder, { recursive: true, force: true }))
})

// Softphones in real browsers, through the built `offhook serve`: every combination of caller and callee, and a relay between them.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import puppeteer from 'puppeteer-core'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { executablePath as chromium, launchOptions } from '../../tooling/chromium.mjs'
import type { TelephoneOptions, TelephoneState } from './support/telephone-page.js'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const firefox = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path))
const coturn = ['/usr/bin/turnserver', '/usr/local/bin/turnserver'].find((path) => existsSync(path))
if (chromium === undefined) console.log('The tests between browsers are skipped: there is no Chromium')
if (firefox === undefined) console.log('Firefox is left out of the tests between browsers: there is none')
if (coturn === undefined) console.log('The test through a relay is skipped: there is no coturn')

type BrowserName = 'chromium' | 'firefox'
const names: readonly BrowserName[] = firefox === undefined ? ['chromium'] : ['chromium', 'firefox']
const soon = { timeout: 15_000, interval: 200 }

let pages: Server
let server: ChildProcess
let [origin, sip] = ['', '']
const browsers = new Map<BrowserName, Promise<Browser>>()
const opened: Page[] = []
const children: ChildProcess[] = []

function launch(name: BrowserName): Promise<Browser> {
  if (name === 'chromium') return puppeteer.launch({ ...(chromium === undefined ? {} : { executablePath: chromium }), headless: true, args: [...launchOptions.args, '--no-sandbox'] })
  return puppeteer.launch({
    browser: 'firefox', executablePath: firefox ?? '', headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true, 'media.autoplay.default': 0,
      'media.peerconnection.ice.loopback': true, 'media.peerconnection.ice.obfuscate_host_addresses': false,
    },
  })
}

/** A page with a registered telephone. Firefox has no sound device here: its voice is its own fake microphone, a tone. */
async function telephone(browser: BrowserName, name: string, options: Partial<TelephoneOptions> = {}): Promise<Page> {
  if (!browsers.has(browser)) browsers.set(browser, launch(browser))
  const page = await (await browsers.get(browser))?.newPage()
  if (page === undefined) throw new TypeError(`${browser} did not start`)
  opened.push(page)
  await page.goto(origin)
  await page.evaluate((own) => telephone0(own), { server: sip, name, hertz: browser === 'firefox' ? 0 : 440, ...options })
  return page
}

const stateOf = (page: Page): Promise<TelephoneState> => page.evaluate(() => globalThis.telephone.state())
const does = (page: Page, deed: Parameters<typeof globalThis.telephone.act>[0]): Promise<string> => page.evaluate((name) => globalThis.telephone.act(name), deed)
const hears = (page: Page): Promise<void> => expect.poll(async () => (await stateOf(page)).level, soon).toBeGreaterThan(0.02)
const hearsNothing = (page: Page): Promise<void> => expect.poll(async () => (await stateOf(page)).level, soon).toBeLessThan(0.001)

declare global {
  function telephone0(options: TelephoneOptions): Promise<void>
}

describe.skipIf(chromium === undefined)('softphones in browsers', () => {
  beforeAll(async () => {
    const { outputFiles } = await build({ entryPoints: [here('support/telephone-page.ts')], bundle: true, format: 'esm', write: false, conditions: ['@offhook/source', 'module'] })
    const script = `${outputFiles[0]?.text ?? ''}\nglobalThis.telephone0 = (options) => globalThis.telephone.start(options)`
    pages = createServer((request, response) => {
      const isScript = request.url === '/telephone.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html').end(isScript ? script : '<!doctype html><title>telephone</title><script type="module" src="/telephone.js"></script>')
    }).listen(0, '127.0.0.1')
    await once(pages, 'listening')
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/`
    server = spawn(process.execPath, [here('../../sip-cli/dist/bin.js'), 'serve', '--http', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0', '--origin', origin.slice(0, -1), '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: server.stdout ?? process.stdin })) {
      const ready = JSON.parse(line) as { event?: string; url?: string }
      if (ready.event !== 'ready') continue
      sip = `${String(ready.url).replace(/^http/, 'ws')}sip`
      break
    }
    server.stdout?.resume()
  })
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.close()
  })
  afterAll(async () => {
    for (const browser of browsers.values()) await (await browser).close()
    for (const child of [server, ...children]) child.kill()
    pages.close()
  })

  const pairs = names.flatMap((caller) => names.map((callee) => ({ caller, callee })))
  it.each(pairs)('$caller calls $callee: talk, hold, mute, digits, picture, restart, hang up', { timeout: 120_000 }, async ({ caller, callee }) => {
    const [alice, bob] = [await telephone(caller, `a-${caller}-${callee}`), await telephone(callee, `b-${caller}-${callee}`)]
    expect(await alice.evaluate((target) => globalThis.telephone.call(target), `b-${caller}-${callee}`)).toBe(true)
    await hears(alice)
    await hears(bob)
    expect(await stateOf(bob)).toMatchObject({ call: 'established', codec: 'opus' })
    await expect.poll(async () => (await stateOf(bob)).mos, soon).toBeGreaterThan(4)

    for (const [holder, held] of [[alice, bob], [bob, alice]] as const) {
      expect(await does(holder, 'hold')).toBe('done')
      expect(await stateOf(held)).toMatchObject({ remoteHold: true })
      await hearsNothing(held)
      await hearsNothing(holder)
      expect(await does(holder, 'resume')).toBe('done')
      await hears(held)
      await hears(holder)
    }
    await does(alice, 'mute')
    await hearsNothing(bob)
    await does(alice, 'unmute')
    await hears(bob)

    // Firefox without a sound device runs no Web Audio: there digits come by INFO only.
    expect(await does(alice, callee === 'firefox' ? 'tonesByInfo' : 'tones')).toBe('done')
    await expect.poll(async () => (await stateOf(bob)).digits, soon).toBe('159#')

    expect(await does(alice, 'addVideo')).toBe('done')
    await expect.poll(async () => (await stateOf(bob)).frames, soon).toBeGreaterThan(10)
    expect(await does(alice, 'dropVideo')).toBe('done')
    expect(await does(bob, 'restart')).toBe('done')
    await hears(alice)
    await hears(bob)
    expect(await does(bob, 'hangUp')).toBe('done')
    await expect.poll(async () => (await stateOf(alice)).call, soon).toBe('ended')
  })

  it.each(pairs)('$caller calls $callee with nothing but trickled addresses (RFC 8840)', { timeout: 60_000 }, async ({ caller, callee }) => {
    const [alice, bob] = [await telephone(caller, `ta-${caller}-${callee}`, { trickle: true }), await telephone(callee, `tb-${caller}-${callee}`, { trickle: true })]
    expect(await alice.evaluate((target) => globalThis.telephone.call(target), `tb-${caller}-${callee}`)).toBe(true)
    await hears(alice)
    await hears(bob)
    expect((await stateOf(alice)).trickle).toContain('full')
  })

  it.skipIf(coturn === undefined)('through a relay and nothing else', { timeout: 60_000 }, async () => {
    const port = 34_780
    const relay = spawn(coturn ?? '', ['-n', '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${port}`, '--allow-loopback-peers', '--lt-cred-mech', '--user=ann:secret', '--realm=example.com', '--no-tls', '--no-dtls', '--no-cli', '--cli-password=unused', '--log-file=stdout', '--pidfile=/dev/null'], { stdio: 'ignore' })
    children.push(relay)
    const options = { iceServers: [{ urls: `turn:127.0.0.1:${port}`, username: 'ann', credential: 'secret' }], relayOnly: true }
    const [alice, bob] = [await telephone('chromium', 'relay-a', options), await telephone('chromium', 'relay-b', options)]
    expect(await alice.evaluate(() => globalThis.telephone.call('relay-b'))).toBe(true)
    await hears(alice)
    await hears(bob)
    expect((await stateOf(alice)).path).toBe('relay to relay')
  })
})

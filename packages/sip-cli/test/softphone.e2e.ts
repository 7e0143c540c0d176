// Pages of the built softphone, talking through the built `offhook serve`. What one says, a tone, has to be heard by the other.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as playwright from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { executablePath } from '../../tooling/chromium.mjs'
import { isBuilt, Offhook } from './support/offhook.js'
import { sineWav } from './support/wav.js'
import { signIn } from './support/sign-in.js'

const canRun = isBuilt && executablePath !== undefined
if (!canRun) console.log(`The softphone tests are skipped: ${isBuilt ? 'there is no Chromium' : 'sip-cli is not built'}`)

const folder = mkdtempSync(join(tmpdir(), 'offhook-softphone-'))
const browsers: Browser[] = []
const servers: Offhook[] = []
let server: Offhook
let url = ''

beforeAll(async () => {
  if (!canRun) return
  server = new Offhook(['serve', '--http', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0'])
  url = String((await server.event('ready'))['url'])
})

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()))
  await Promise.all(servers.splice(0).map((each) => each.stop()))
})

afterAll(async () => {
  if (canRun) await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A server of one test. */
function startServer(...words: string[]): Offhook {
  const started = new Offhook(words)
  servers.push(started)
  return started
}

/** A page in a browser of its own, whose microphone hears a sine of `frequency` Hz. */
async function openPage(frequency: number, flags: readonly string[] = []): Promise<Page> {
  const wav = join(folder, `${frequency}.wav`)
  writeFileSync(wav, sineWav(frequency, 20))
  const browser = await playwright.chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-audio-capture=${wav}`,
      '--allow-loopback-in-peer-connection', '--autoplay-policy=no-user-gesture-required', ...flags,
    ],
  })
  browsers.push(browser)
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.log(`page error: ${error.message}`))
  await page.goto(url)
  return page
}

/** The loudest frequency in what the page plays, and how loud it is in dB; after it has been heard for a while. */
function listen(page: Page): Promise<{ frequency: number; loudness: number }> {
  return page.evaluate(async () => {
    const audio = document.querySelector<HTMLAudioElement>('#remote-audio')
    for (let tries = 0; tries < 100 && !(audio?.srcObject instanceof MediaStream); tries++) await new Promise((resolve) => setTimeout(resolve, 50))
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0.6 })
    new MediaStreamAudioSourceNode(context, { mediaStream: audio?.srcObject as MediaStream }).connect(analyser)
    const spectrum = new Float32Array(analyser.frequencyBinCount)
    let best = { frequency: 0, loudness: -Infinity }
    for (let tries = 0; tries < 60; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      analyser.getFloatFrequencyData(spectrum)
      const bin = spectrum.reduce((found, value, index) => (value > (spectrum[found] ?? -Infinity) ? index : found), 0)
      best = { frequency: (bin * context.sampleRate) / analyser.fftSize, loudness: spectrum[bin] ?? -Infinity }
      if (tries > 10 && best.loudness > -50) break
    }
    await context.close()
    return best
  })
}

describe.skipIf(!canRun)('softphone page', () => {
  it('two pages call each other and each hears the other’s tone', async () => {
    const [alice, bob] = await Promise.all([openPage(440), openPage(600)])
    await signIn(alice, 'alice')
    await signIn(bob, 'bob')
    await alice.getByRole('button', { name: 'Call bob' }).click()
    await bob.getByText('is calling you').waitFor()
    expect(await bob.title()).toContain('alice is calling')
    await bob.getByRole('button', { name: 'Answer', exact: true }).click()
    await alice.getByRole('button', { name: 'Mute' }).waitFor()
    const [atAlice, atBob] = await Promise.all([listen(alice), listen(bob)])
    expect(atBob.frequency).toBeGreaterThan(430)
    expect(atBob.frequency).toBeLessThan(450)
    expect(atBob.loudness).toBeGreaterThan(-60)
    expect(atAlice.frequency).toBeGreaterThan(590)
    expect(atAlice.frequency).toBeLessThan(610)
    expect(atAlice.loudness).toBeGreaterThan(-60)

    // The ladder tells the story of the call.
    const ladder = await alice.locator('#ladder .arrow span:first-child').allTextContents()
    expect(ladder[0]).toMatch(/^INVITE/)
    expect(ladder.some((row) => row.startsWith('180 Ringing'))).toBe(true)
    expect(ladder.at(-1)).toBe('ACK')

    // Mute is silence; hold is told.
    await alice.keyboard.press('m')
    await alice.getByRole('button', { name: 'Unmute' }).waitFor()
    await bob.waitForTimeout(300)
    expect((await listen(bob)).loudness).toBeLessThan(-70)
    await alice.keyboard.press('m')
    await alice.keyboard.press('h')
    await bob.locator('#call-state', { hasText: 'alice put you on hold' }).waitFor()
    await alice.keyboard.press('h')
    await bob.locator('#call-state', { hasText: 'alice put you on hold' }).waitFor({ state: 'detached' })

    await alice.getByRole('button', { name: 'Hang up' }).click()
    await bob.getByText('alice hung up').waitFor()
    await alice.getByText('Call ended').waitFor()
  })

  it('calls the robot and hears itself, and sends it digits', async () => {
    const page = await openPage(440)
    await signIn(page, 'carol')
    await page.getByLabel('Name, number or SIP address to call').fill('echo')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Keypad' }).waitFor()
    const heard = await listen(page)
    expect(heard.frequency).toBeGreaterThan(430)
    expect(heard.frequency).toBeLessThan(450)
    await page.keyboard.press('5')
    await page.keyboard.press('#')
    expect(await page.locator('#digits').textContent()).toBe('5#')
    await page.keyboard.press('e')
    await page.getByText('Call ended').waitFor()
  })

  it('says what to do when a call cannot be', async () => {
    const page = await openPage(440)
    await signIn(page, 'dora')
    await page.getByLabel('Name, number or SIP address to call').fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByText('There is nobody called nobody.').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByLabel('Name, number or SIP address to call').fill('dora')
    await page.keyboard.press('Enter')
    await page.getByText('That is you.').waitFor()
  })

  it('does not hand out a name twice without a word', async () => {
    const [first, second] = await Promise.all([openPage(440), openPage(440)])
    await signIn(first, 'eve')
    await second.getByLabel('Your name').fill('eve')
    await second.getByRole('button', { name: 'Go online' }).click()
    await second.getByText('“eve” is online already').waitFor()
  })

  it('asks for a password where the server wants one, and tells who is online only then', async () => {
    const guarded = startServer('serve', '--http', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0', '--auth', 'henry:secret', '--auth', 'iris:hidden')
    const home = String((await guarded.event('ready'))['url'])
    const page = await openPage(440)
    await page.goto(home)
    await page.getByLabel('Your name').fill('henry')
    await page.getByLabel('Password').fill('guess')
    await page.getByRole('button', { name: 'Go online' }).click()
    await page.getByText('Wrong name or password.').waitFor()
    await page.getByLabel('Password').fill('secret')
    await page.getByRole('button', { name: 'Go online' }).click()
    await page.getByText('Nobody else yet.').waitFor()
    expect(await (await fetch(`${home}online`)).json()).toEqual({ domain: 'localhost', passwords: true, robot: 'echo' })
    await page.getByRole('button', { name: 'Call echo' }).click()
    await page.getByRole('button', { name: 'Keypad' }).waitFor()
  })

  it('says what to do when the microphone is denied', async () => {
    const browser = await playwright.chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: ['--deny-permission-prompts'] })
    browsers.push(browser)
    const page = await browser.newPage()
    await page.goto(url)
    await signIn(page, 'frank')
    await page.getByRole('button', { name: 'Call echo' }).click()
    await page.getByText(/The microphone is blocked|There is no microphone/).waitFor()
  })

  it('notices when the server goes and when it is back', async () => {
    const other = startServer('serve', '--http', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0')
    const home = String((await other.event('ready'))['url'])
    const page = await openPage(440)
    await page.goto(home)
    await signIn(page, 'grace')
    await other.stop()
    await page.getByText('The server is gone').waitFor()
    const again = startServer('serve', '--http', new URL(home).host, '--listen', 'udp:127.0.0.1:0')
    await again.event('ready')
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText('The server is gone').waitFor({ state: 'detached' })
    await page.getByText('online', { exact: true }).waitFor()
  })
})

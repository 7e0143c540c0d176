// The softphone page in each of its states, looked at by axe: who cannot see it well, or has no mouse, can telephone too.
import axeCore from 'axe-core'
import * as playwright from 'playwright'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, launchOptions } from '../../tooling/chromium.mjs'
import { isBuilt, Offhook } from './support/offhook.js'
import { signIn } from './support/sign-in.js'

const canRun = isBuilt && executablePath !== undefined
if (!canRun) console.log(`The accessibility tests are skipped: ${isBuilt ? 'there is no Chromium' : 'sip-cli is not built'}`)

let server: Offhook
let browser: Browser
let url = ''

beforeAll(async () => {
  if (!canRun) return
  server = new Offhook(['serve', '--http', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0'])
  url = String((await server.event('ready'))['url'])
  browser = await playwright.chromium.launch(launchOptions)
})
afterAll(async () => {
  if (!canRun) return
  await browser.close()
  await server.stop()
})

async function openPage(colorScheme: 'light' | 'dark'): Promise<Page> {
  // Colours are looked at where they have come to rest.
  const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(url)
  return page
}

/** What axe finds wrong: the rule, and where. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.waitForTimeout(400)
  await page.evaluate(axeCore.source)
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    const found = await tool.run()
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
  })
}

describe.skipIf(!canRun)('softphone page: accessibility', () => {
  it.each(['light', 'dark'] as const)('axe finds no violation in any state (%s)', async (scheme) => {
    const [alice, bob] = await Promise.all([openPage(scheme), openPage(scheme)])
    const found: Record<string, readonly string[]> = {}
    const look = async (state: string, page: Page): Promise<void> => {
      found[state] = await violations(page)
    }
    await look('signed out', alice)
    await signIn(alice, `ann-${scheme}`)
    await look('online', alice)
    await signIn(bob, `ben-${scheme}`)
    await alice.getByRole('button', { name: `Call ben-${scheme}` }).click()
    await bob.getByText('is calling you').waitFor()
    await look('calling', alice)
    await look('ringing', bob)
    await bob.getByRole('button', { name: 'Answer', exact: true }).click()
    await alice.getByRole('button', { name: 'Mute' }).waitFor()
    await look('in a call', alice)
    await alice.getByRole('button', { name: 'Keypad' }).click()
    await look('keypad', alice)
    await alice.keyboard.press('m')
    await alice.getByRole('button', { name: 'Unmute' }).waitFor()
    await look('muted', alice)
    await alice.keyboard.press('h')
    await bob.locator('#call-state', { hasText: 'put you on hold' }).waitFor()
    await look('holding', alice)
    await look('held', bob)
    await alice.getByRole('button', { name: 'Hang up' }).click()
    await bob.getByText('hung up').first().waitFor()
    await look('ended', alice)
    await look('ended by the other', bob)
    await alice.getByLabel('Name, number or SIP address to call').fill('nobody')
    await alice.keyboard.press('Enter')
    await alice.getByText('There is nobody called nobody.').waitFor()
    await look('a problem', alice)
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((state) => [state, []])))
  })
})

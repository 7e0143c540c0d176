// The example as a reader runs it: bundled, served, against `offhook serve`.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAvailable, launchOptions } from '../../../packages/tooling/chromium.mjs'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** `offhook serve` on a free port; resolves with its WebSocket address once it is ready. */
async function serveSip(origin: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [here('../../../packages/sip-cli/dist/bin.js'), 'serve', '--http', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0', '--origin', origin, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const page = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
      const ready = /"event":"ready","url":"http:([^"]+)"/.exec(output)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    child.once('exit', () => reject(new Error(`offhook serve ended: ${output}`)))
  })
  return { url: `ws:${page}sip`, child }
}

if (!isAvailable) console.log('skipping the browser-softphone example: there is no Chromium')

describe.skipIf(!isAvailable)('examples/browser-softphone', () => {
  let pages: Server
  let sip: { url: string; child: ChildProcess }
  let origin = ''

  beforeAll(async () => {
    const { outputFiles } = await build({ entryPoints: [here('../softphone.ts')], bundle: true, format: 'esm', write: false })
    const index = await readFile(here('../index.html'))
    pages = createServer((request, response) => {
      const script = request.url?.startsWith('/softphone.js') === true
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html').end(script ? outputFiles[0]?.contents : index)
    }).listen(0, '127.0.0.1')
    await once(pages, 'listening')
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
    sip = await serveSip(origin)
  })
  afterAll(async () => {
    pages.close()
    const ended = once(sip.child, 'exit')
    sip.child.kill()
    await ended
  })

  it('registers, calls the robot, hangs up', async () => {
    const browser = await chromium.launch(launchOptions)
    try {
      const page = await browser.newPage()
      await page.goto(`${origin}/?server=${encodeURIComponent(sip.url)}`)
      const state = page.locator('#state')
      await state.filter({ hasText: 'Ready' }).waitFor({ timeout: 10_000 })
      await page.click('#call')
      await state.filter({ hasText: 'established' }).waitFor({ timeout: 15_000 })
      await page.click('#hang-up')
      await state.filter({ hasText: 'ended' }).waitFor({ timeout: 10_000 })
      expect(await state.textContent()).toContain('ended')
    } finally {
      await browser.close()
    }
  })
})

import { request } from 'node:http'
import type { Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { OnlineList } from '../src/serve/online-list.js'
import { createPageServer, listenHttp } from '../src/serve/page-server.js'

let server: Server | undefined
let online: OnlineList | undefined
afterEach(() => {
  online?.close()
  server?.close()
  server?.closeAllConnections()
})

async function start(users: string[] = ['alice']): Promise<string> {
  online = new OnlineList((registration) => ({ domain: 'localhost', passwords: true, robot: 'echo', ...(registration === 'secret' ? { users } : {}) }))
  const files = new Map([['/', { type: 'text/html', bytes: new TextEncoder().encode('<p>page'), etag: '"1"' }]])
  server = createPageServer({ files, online, isOurHost: (host) => host === '127.0.0.1' || host === '::1' })
  return `http://127.0.0.1:${await listenHttp(server, '127.0.0.1', 0)}`
}

describe('page server', () => {
  it('hands out the page, once', async () => {
    const base = await start()
    const first = await fetch(base)
    expect(first.status).toBe(200)
    expect(await first.text()).toBe('<p>page')
    expect(first.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await fetch(base, { headers: { 'If-None-Match': '"1"' } })).status).toBe(304)
    expect((await fetch(base, { method: 'HEAD' })).status).toBe(200)
  })

  it('knows only its own files and only GET', async () => {
    const base = await start()
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/page/index.html', '//']) expect((await fetch(`${base}${path}`)).status).not.toBe(500)
    expect((await fetch(`${base}/nothing`)).status).toBe(404)
    expect((await fetch(base, { method: 'POST' })).status).toBe(405)
  })

  it('does not answer to a host name that is not its own', async () => {
    const { port } = new URL(await start())
    const status = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, headers: { Host: `evil.example:${port}` } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject).end()
    })
    expect(status).toBe(421)
  })

  it('tells those who may know who is online, at once and whenever it changes', async () => {
    const users = ['alice']
    const base = await start(users)
    expect(await (await fetch(`${base}/online`)).json()).toEqual({ domain: 'localhost', passwords: true, robot: 'echo' })
    expect(await (await fetch(`${base}/online?registration=secret`)).json()).toMatchObject({ users: ['alice'] })
    const abort = new AbortController()
    const stream = await fetch(`${base}/online?registration=secret`, { headers: { Accept: 'text/event-stream' }, signal: abort.signal })
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toContain('"users":["alice"]')
    users.push('bob')
    online!.changed()
    expect((await reader.read()).value).toContain('"users":["alice","bob"]')
    abort.abort()
  })
})

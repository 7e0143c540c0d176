import { describe, expect, it } from 'vitest'
import type { Adapter, Flow, TransportError } from '@offhook/sip-transport'
import { webSocketAdapter } from '../src/index.js'
import type { WebSocketAdapterOptions } from '../src/index.js'

/** A WebSocket whose network is the test. */
class FakeWebSocket {
  static readonly made: FakeWebSocket[] = []
  readonly url: string
  readonly asked: string
  readonly sent: (string | Uint8Array)[] = []
  protocol = ''
  readyState = 0
  bufferedAmount = 0
  binaryType = 'blob'
  closedWith: number | undefined
  onopen: (() => void) | null = null
  onerror: ((event: object) => void) | null = null
  onclose: ((event: { code: number; wasClean: boolean }) => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null

  constructor(url: string, protocol: string) {
    if (url.includes(':22/')) throw new TypeError('port is blocked')
    this.url = url
    this.asked = protocol
    FakeWebSocket.made.push(this)
  }

  open(protocol = 'sip'): void {
    this.protocol = protocol
    this.readyState = 1
    this.onopen?.()
  }

  fail(): void {
    this.readyState = 3
    this.onerror?.({})
    this.end(1006, false)
  }

  end(code: number, wasClean: boolean): void {
    this.readyState = 3
    this.onclose?.({ code, wasClean })
  }

  get(data: unknown): void {
    this.onmessage?.({ data })
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data)
  }

  close(code?: number): void {
    this.readyState = 2
    this.closedWith = code
  }
}

interface World {
  readonly adapter: Adapter
  readonly received: string[]
  readonly opened: Flow[]
  readonly closed: (TransportError | undefined)[]
}

function world(options: WebSocketAdapterOptions = {}): World {
  const received: string[] = []
  const opened: Flow[] = []
  const closed: (TransportError | undefined)[] = []
  const adapter = webSocketAdapter({ WebSocket: FakeWebSocket as unknown as typeof WebSocket, ...options })({
    opened: (flow) => opened.push(flow),
    received: (_flow, bytes) => received.push(new TextDecoder().decode(bytes)),
    closed: (_flow, error) => closed.push(error),
  })
  return { adapter, received, opened, closed }
}

const last = (): FakeWebSocket => {
  const webSocket = FakeWebSocket.made.at(-1)
  if (webSocket === undefined) throw new TypeError('no WebSocket was made')
  return webSocket
}

async function standing(options: WebSocketAdapterOptions = {}) {
  const made = world(options)
  const dial = made.adapter.connect({ transport: 'WS', host: 'sip.example.com', port: 80 })
  last().open()
  return { ...made, flow: await dial, webSocket: last() }
}

describe('opening (RFC 7118 §4.1)', () => {
  it.each([
    [{}, { transport: 'WS', host: 'sip.example.com', port: 80 }, 'ws://sip.example.com:80/'],
    [{}, { transport: 'WS', host: '2001:db8::1', port: 8080, path: '/sip' }, 'ws://[2001:db8::1]:8080/sip'],
    [{ secure: true }, { transport: 'WSS', host: '192.0.2.1', port: 443, serverName: 'sip.example.com', path: 'ws' }, 'wss://sip.example.com:443/ws'],
  ] as const)('asks for the subprotocol sip at the right place', (options, target, url) => {
    void world(options).adapter.connect(target).catch(() => undefined)
    expect([last().url, last().asked, last().binaryType]).toEqual([url, 'sip', 'arraybuffer'])
    last().fail()
  })

  it('goes by a random name, the same for every connection of the adapter (§5)', async () => {
    const { adapter, flow, opened } = await standing()
    expect(flow.sentBy).toMatch(/^[0-9a-v]{12}\.invalid$/)
    const again = adapter.connect({ transport: 'WS', host: 'other.example.com', port: 80 })
    last().open()
    expect((await again).sentBy).toBe(flow.sentBy)
    expect(opened).toHaveLength(2)
    expect((await standing()).flow.sentBy).not.toBe(flow.sentBy)
  })

  it('refuses a server that does not choose sip', async () => {
    const { adapter, opened, closed } = world()
    const dial = adapter.connect({ transport: 'WS', host: 'sip.example.com', port: 80 })
    last().open('')
    await expect(dial).rejects.toMatchObject({ code: 'refused' })
    expect(last().readyState).toBe(2)
    last().end(1005, true)
    expect([opened, closed]).toEqual([[], []])
  })

  it('says refused when it fails, forbidden when the page may not, timed-out when nothing happens', async () => {
    const { adapter } = world({ connectTimeout: 5 })
    const target = { transport: 'WS', host: 'sip.example.com', port: 80 } as const
    const failing = adapter.connect(target)
    last().fail()
    await expect(failing).rejects.toMatchObject({ code: 'refused' })
    await expect(adapter.connect({ ...target, port: 22 })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(adapter.connect(target)).rejects.toMatchObject({ code: 'timed-out' })
    expect(last().readyState).toBe(2)
  })

  it('is given up by its caller, or by closing the adapter', async () => {
    const { adapter, opened } = world()
    const target = { transport: 'WS', host: 'sip.example.com', port: 80 } as const
    const controller = new AbortController()
    const one = adapter.connect(target, controller.signal)
    controller.abort('enough')
    await expect(one).rejects.toMatchObject({ code: 'aborted', cause: 'enough' })
    const two = adapter.connect(target)
    const closing = adapter.close()
    await expect(two).rejects.toMatchObject({ code: 'aborted' })
    await closing
    last().open()
    expect(opened).toEqual([])
  })
})

describe('frames (RFC 7118 §5)', () => {
  it('takes text and binary', async () => {
    const { webSocket, received } = await standing()
    webSocket.get('grüße')
    webSocket.get(new TextEncoder().encode('octets').buffer)
    webSocket.get(new Blob(['what a browser gives when it was told otherwise']))
    expect(received).toEqual(['grüße', 'octets'])
  })

  it('sends text where it is text', async () => {
    const { webSocket, flow } = await standing()
    flow.send(new TextEncoder().encode('\ufeffgrüße'))
    flow.send(Uint8Array.of(0xff, 0))
    expect(webSocket.sent).toEqual(['\ufeffgrüße', Uint8Array.of(0xff, 0)])
  })
})

describe('closing', () => {
  it('by this side: told once, when it is done, and nothing is sent or received any more', async () => {
    const { webSocket, flow, closed, received } = await standing()
    flow.close()
    flow.close()
    flow.send(Uint8Array.of(65))
    webSocket.get('late')
    expect([webSocket.closedWith, webSocket.sent, received, closed]).toEqual([1000, [], [], []])
    webSocket.end(1000, true)
    expect(closed).toEqual([undefined])
  })

  it('by the peer in peace, and by the network', async () => {
    const one = await standing()
    one.webSocket.end(1001, true)
    expect(one.closed).toEqual([undefined])
    const two = await standing()
    two.webSocket.fail()
    expect(two.closed).toMatchObject([{ code: 'closed' }])
  })

  it('when the network takes nothing any more', async () => {
    const { webSocket, flow, closed } = await standing({ maxQueuedBytes: 100 })
    webSocket.bufferedAmount = 101
    flow.send(Uint8Array.of(65))
    expect(closed).toMatchObject([{ code: 'closed' }])
    webSocket.end(1006, false)
    flow.close()
    expect(closed).toHaveLength(1)
  })

  it('of the adapter waits for its connections, but not for a peer that never agrees', async () => {
    const { adapter, webSocket, closed } = await standing()
    const done = adapter.close()
    webSocket.end(1000, true)
    await done
    expect(closed).toEqual([undefined])
  })
})

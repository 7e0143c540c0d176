import { describe, expect, it } from 'vitest'
import { serializeMessage } from '@offhook/sip-parser'
import { request } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5060 }

async function meant(transports: readonly ('UDP' | 'TCP')[], serverTransports: readonly ('UDP' | 'TCP')[]) {
  const stage = new Stage()
  const server = stage.node(SERVER.host, serverTransports)
  for (const transport of serverTransports) await server.layer.listen({ transport, ...SERVER })
  const client = stage.node('192.0.2.4', transports)
  const flow = await stage.clock.runUntil(client.layer.connect({ transport: 'UDP', ...SERVER }))
  const ofSize = (octets: number) => {
    const message = request(client.layer.via(flow, 'z9hG4bK1'))
    const missing = octets - serializeMessage(message).length
    message.body = new Uint8Array(missing).fill(97)
    message.body = new Uint8Array(missing - (serializeMessage(message).length - octets)).fill(97)
    expect(serializeMessage(message)).toHaveLength(octets)
    return message
  }
  const fit = async (octets: number, added?: number) => stage.clock.runUntil(Promise.resolve(client.layer.fit(ofSize(octets), flow, added)))
  return { stage, server, client, flow, ofSize, fit }
}

describe('RFC 3261 §18.1.1: requests that are too large for UDP', () => {
  it('take TCP to the same place from 1,301 octets on, with what is yet to be added', async () => {
    const { flow, fit } = await meant(['UDP', 'TCP'], ['UDP', 'TCP'])
    expect(await fit(1300)).toBe(flow)
    const large = await fit(1301)
    expect(large).toMatchObject({ transport: 'TCP', reliable: true, remote: SERVER })
    expect(await fit(1200, 101)).toBe(large)
    expect(await fit(1200, 100)).toBe(flow)
  })

  it('go at once, without a promise, when they are small', async () => {
    const { client, flow, ofSize } = await meant(['UDP', 'TCP'], ['UDP', 'TCP'])
    expect(client.layer.fit(ofSize(1000), flow)).toBe(flow)
  })

  it('fall back to UDP when TCP is refused, and do not try again on that flow', async () => {
    const { client, flow, fit, ofSize } = await meant(['UDP', 'TCP'], ['UDP'])
    expect(await fit(5000)).toBe(flow)
    expect(client.layer.fit(ofSize(5000), flow)).toBe(flow)
    expect(client.layer.send(ofSize(5000), flow)).toBeUndefined()
  })

  it('fall back to UDP where there is no adapter for TCP', async () => {
    const { flow, fit } = await meant(['UDP'], ['UDP', 'TCP'])
    expect(await fit(5000)).toBe(flow)
  })

  it('give up with their caller, and are tried again after that', async () => {
    const { stage, client, flow, ofSize, fit } = await meant(['UDP', 'TCP'], ['UDP', 'TCP'])
    const controller = new AbortController()
    controller.abort()
    await expect(stage.clock.runUntil(Promise.resolve(client.layer.fit(ofSize(5000), flow, 0, () => controller.signal)))).rejects.toMatchObject({ code: 'aborted' })
    expect(await fit(5000)).toMatchObject({ transport: 'TCP' })
  })

  it('stay where they are on a connection', async () => {
    const { stage, client, ofSize } = await meant(['UDP', 'TCP'], ['UDP', 'TCP'])
    const flow = await stage.clock.runUntil(client.layer.connect({ transport: 'TCP', ...SERVER }))
    expect(client.layer.fit(ofSize(60_000), flow)).toBe(flow)
  })
})

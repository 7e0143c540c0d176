import { describe, expect, it } from 'vitest'
import { createResponse } from '@offhook/sip-parser'
import { encode, options } from './support/messages.js'
import { Stage } from './support/stage.js'

const SERVER = { host: '192.0.2.1', port: 5060 }

describe('close({ drain }): no new work, what is under way finished, then the sockets', () => {
  it('takes no more connections, answers on those that stand and by UDP, and closes when it is told that all is done', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['UDP', 'TCP'])
    await server.layer.listen({ transport: 'UDP', ...SERVER })
    await server.layer.listen({ transport: 'TCP', ...SERVER })
    const caller = stage.peer('192.0.2.4', 'TCP')
    const phone = stage.peer('192.0.2.5', 'UDP')
    const standing = await stage.dial(caller, { transport: 'TCP', ...SERVER })
    const datagrams = await stage.dial(phone, { transport: 'UDP', ...SERVER })
    standing.send(encode(options('SIP/2.0/TCP 192.0.2.4;branch=z9hG4bK1')))
    await stage.settle()

    let done = (): void => undefined
    const drain = new Promise<void>((resolve) => (done = resolve))
    let closed = false
    const closing = server.layer.close({ drain }).then(() => (closed = true))
    await stage.settle()
    await expect(stage.dial(stage.peer('192.0.2.6', 'TCP'), { transport: 'TCP', ...SERVER })).rejects.toMatchObject({ code: 'refused' })
    datagrams.send(encode(options('SIP/2.0/UDP 192.0.2.5:49152;branch=z9hG4bK1')))
    await stage.settle()
    for (const { message, flow } of server.received) if (message.kind === 'request') server.layer.respond(createResponse(message, { statusCode: 200, toTag: 'b' }), flow)
    await stage.settle()
    expect([caller, phone].map(({ received }) => received.join('').slice(0, 11))).toEqual(['SIP/2.0 200', 'SIP/2.0 200'])
    expect([closed, caller.closed]).toEqual([false, []])

    done()
    await stage.clock.runUntil(closing)
    await stage.settle()
    expect([closed, caller.closed]).toEqual([true, [standing]])
    expect(server.layer.connections).toBe(0)
    expect(stage.clock.pending).toBe(0)
  })

  it('closes all the same when what it waited for failed', async () => {
    const stage = new Stage()
    const server = stage.node(SERVER.host, ['TCP'])
    await server.layer.close({ drain: Promise.reject(new TypeError('no')) })
    await expect(server.layer.listen({ transport: 'TCP', ...SERVER })).rejects.toMatchObject({ code: 'closed' })
  })
})

import { mustEqual } from './compliance-error.js'
import { codeOf, encode } from './compliance-stage.js'
import type { ComplianceStage } from './compliance-stage.js'
import type { Scenario } from './scenario.js'

/** Closing, refusing and giving up. */
export const endingScenarios: readonly Scenario[] = [
  {
    name: 'closes from the dialling side: each side is told once, in peace, after what was sent',
    needs: ['connections'],
    run: (stage) => closesFrom(stage, 'dialling'),
  },
  {
    name: 'closes from the accepting side: each side is told once, in peace, after what was sent',
    needs: ['connections'],
    run: (stage) => closesFrom(stage, 'accepting'),
  },
  {
    name: 'says refused when nobody listens',
    needs: ['connections', 'refused'],
    run: async (stage) => {
      const server = stage.listening()
      const listener = await stage.listen(server)
      await listener.close()
      await server.adapter.close()
      mustEqual('the code', await codeOf(stage.dialling().adapter.connect(stage.targetAt(listener.local))), 'refused')
    },
  },
  {
    name: 'says aborted when the caller gave up before',
    run: async (stage) => {
      const { listener } = await stage.pair()
      const controller = new AbortController()
      controller.abort('no longer wanted')
      mustEqual('the code', await codeOf(stage.dialling().adapter.connect(stage.targetAt(listener.local), controller.signal)), 'aborted')
    },
  },
  {
    name: 'says aborted when the caller gives up meanwhile, and leaves no connection',
    needs: ['connections'],
    run: async (stage) => {
      const { listener, server } = await stage.pair()
      const { adapter, recorder } = stage.dialling()
      const controller = new AbortController()
      const dial = codeOf(adapter.connect(stage.targetAt(listener.local), controller.signal))
      controller.abort()
      mustEqual('the code', await dial, 'aborted')
      await adapter.close()
      mustEqual('flows that the client was told of', recorder.logs.length, 0)
      await server.recorder.until(() => server.recorder.logs.filter((log) => log.opened > log.closed).length === 1)
    },
  },
  {
    name: 'gives up the dials that are under way when it is closed',
    needs: ['connections'],
    run: async (stage) => {
      const { listener, server } = await stage.pair()
      const { adapter, recorder } = stage.dialling()
      const dial = adapter.connect(stage.targetAt(listener.local)).then(() => 'open', () => 'given up')
      await adapter.close()
      await dial
      await recorder.until(() => recorder.logs.every((log) => log.opened === log.closed))
      await server.recorder.until(() => server.recorder.logs.filter((log) => log.opened > log.closed).length === 1)
    },
  },
  {
    name: 'says address-in-use when somebody listens there',
    run: async (stage) => {
      const { listener } = await stage.pair()
      mustEqual('the code', await codeOf(stage.listen(stage.listening(), listener.local.port)), 'address-in-use')
    },
  },
  {
    name: 'says bad-address for an address that is not here',
    run: async (stage) => {
      const host = stage.subject.host.includes(':') ? '2001:db8::1' : '192.0.2.250'
      mustEqual('the code', await codeOf(stage.listening().adapter.listen?.({ host, port: 0 }) ?? Promise.resolve()), 'bad-address')
    },
  },
  {
    name: 'keeps connections when their listener closes, and takes no more',
    needs: ['connections'],
    run: async (stage) => {
      const { client, listener, dialled, accepted } = await stage.pair()
      await listener.close()
      await listener.close()
      accepted.send(encode('still here'))
      await client.recorder.until(() => client.recorder.text(dialled) === 'still here')
      if (stage.subject.skips?.refused !== undefined) return
      mustEqual('another dial', await codeOf(stage.dialling().adapter.connect(stage.targetAt(listener.local))), 'refused')
    },
  },
  {
    name: 'ends everything when it is closed, and frees the port',
    run: async (stage) => {
      const { server, client, listener, dialled, accepted } = await stage.pair()
      await server.adapter.close()
      await server.recorder.until(() => server.recorder.of(accepted).closed === 1)
      if (client.adapter.framing !== 'datagram') await client.recorder.until(() => client.recorder.of(dialled).closed === 1)
      const again = await stage.listen(stage.listening(), listener.local.port)
      mustEqual('the port', again.local.port, listener.local.port)
      await client.adapter.close()
      await client.adapter.close()
      mustEqual('how often the end was told', client.recorder.of(dialled).closed, 1)
    },
  },
]

async function closesFrom(stage: ComplianceStage, side: 'dialling' | 'accepting'): Promise<void> {
  const { server, client, dialled, accepted } = await stage.pair()
  const [near, far] = side === 'dialling' ? [dialled, accepted] : [accepted, dialled]
  const [nearEnd, farEnd] = side === 'dialling' ? [client, server] : [server, client]
  near.send(encode('last words'))
  near.close()
  near.close()
  await farEnd.recorder.until(() => farEnd.recorder.of(far).closed > 0)
  await nearEnd.recorder.until(() => nearEnd.recorder.of(near).closed > 0)
  near.send(encode('too late'))
  far.send(encode('too late'))
  far.close()
  mustEqual('what came last', farEnd.recorder.text(far).endsWith('last words'), true)
  for (const [who, { recorder }, flow] of [['far', farEnd, far], ['near', nearEnd, near]] as const) {
    const { opened, closed, error } = recorder.of(flow)
    mustEqual(`what the ${who} side was told`, [opened, closed, error?.message], [1, 1, undefined])
  }
}

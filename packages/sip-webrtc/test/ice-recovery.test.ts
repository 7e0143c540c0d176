import type { CallEnd, CallEvents, OperationOutcome } from '@offhook/sip-session'
import { describe, expect, it } from 'vitest'
import { IceRecovery } from '../src/features/ice-recovery.js'
import { Listeners } from '../src/listeners.js'
import { ManualTimers } from './manual-timers.js'

function start() {
  const timers = new ManualTimers()
  const events = new Listeners<CallEvents>()
  const restarts: number[] = []
  let end: (end: CallEnd) => void = () => undefined
  let online: () => void = () => undefined
  let forgotten = 0
  const call = {
    on: events.on.bind(events),
    ended: new Promise<CallEnd>((resolve) => (end = resolve)),
    renegotiate: (change?: { restart?: boolean }): Promise<OperationOutcome> => {
      expect(change).toEqual({ restart: true })
      restarts.push(timers.now())
      return Promise.resolve({ ok: true })
    },
  }
  const recovery = new IceRecovery(call, { timers, onOnline: (listener) => { online = listener; return () => { forgotten += 1 } } })
  return { timers, events, restarts, recovery, online: () => online(), end: () => end({ by: 'local', cause: 'hung-up', reason: '' }), forgotten: () => forgotten }
}

describe('RFC 8839 §4.4.1.1.1: ICE restart by itself', () => {
  it('after three seconds without consent, and not when it came back before', async () => {
    const { timers, events, restarts } = start()
    events.emit('connectivity', 'connected')
    events.emit('connectivity', 'disconnected')
    await timers.advance(2_900)
    events.emit('connectivity', 'connected')
    await timers.advance(10_000)
    expect([restarts, timers.waiting]).toEqual([[], 0])
    events.emit('connectivity', 'disconnected')
    await timers.advance(13_000)
    events.emit('connectivity', 'connected')
    await timers.advance(60_000)
    expect(restarts).toEqual([13_000])
  })

  it('at once when the path failed, then with longer and longer pauses', async () => {
    const { timers, events, restarts, recovery } = start()
    events.emit('connectivity', 'failed')
    await timers.advance(100_000)
    expect(restarts).toEqual([0, 2_000, 6_000, 14_000, 30_000, 60_000, 90_000])
    expect(recovery.restarts).toBe(7)
    events.emit('connectivity', 'failed')
    await timers.advance(100_001)
    expect(restarts).toHaveLength(7)
  })

  it('at once when the device has a network again', async () => {
    const { timers, events, restarts, online } = start()
    online()
    await timers.advance(500)
    expect(restarts).toEqual([])
    events.emit('connectivity', 'disconnected')
    await timers.advance(1_000)
    online()
    await timers.advance(1_001)
    expect(restarts).toEqual([1_000])
  })

  it('never after the call', async () => {
    const { timers, events, restarts, end, forgotten } = start()
    events.emit('connectivity', 'disconnected')
    end()
    await timers.advance(1)
    await timers.advance(60_000)
    expect([restarts, timers.waiting, forgotten()]).toEqual([[], 0, 1])
  })
})

import { describe, expect, it } from 'vitest'
import { DEFAULT_GATHER_POLICY, gather, type GatherReport } from '../src/gathering.js'
import { ManualTimers } from './manual-timers.js'

/** A peer connection that gathers what it is told. */
class FakeConnection extends EventTarget {
  iceGatheringState: RTCIceGatheringState = 'gathering'
  localDescription = { type: 'offer', sdp: 'v=0\r\n' }

  find(...types: readonly string[]): void {
    for (const type of types) this.localDescription = { type: 'offer', sdp: `${this.localDescription.sdp}a=candidate:1 1 udp 1 192.0.2.1 9 typ ${type}\r\n` }
    this.dispatchEvent(new Event('icecandidate'))
  }

  complete(): void {
    this.iceGatheringState = 'complete'
    this.dispatchEvent(new Event('icegatheringstatechange'))
  }
}

function start(connection = new FakeConnection()) {
  const timers = new ManualTimers()
  const gathering = gather(connection as unknown as RTCPeerConnection, DEFAULT_GATHER_POLICY, timers)
  const state: { report: GatherReport | undefined } = { report: undefined }
  void gathering.report.then((report) => (state.report = report))
  return { connection, timers, gathering, state }
}

describe('the gather policy', () => {
  it('sends what there is after a second, however long gathering would go on', async () => {
    const { connection, timers, state } = start()
    connection.find('host')
    await timers.advance(999)
    expect(state.report).toBeUndefined()
    await timers.advance(1_000)
    expect(state.report).toEqual({ milliseconds: 1_000, outcome: 'capped', candidates: 1 })
    expect(timers.waiting).toBe(0)
  })

  it('sends as soon as gathering is complete', async () => {
    const { connection, timers, state } = start()
    await timers.advance(30)
    connection.find('host', 'srflx')
    connection.complete()
    await timers.advance(30)
    expect(state.report).toEqual({ milliseconds: 30, outcome: 'complete', candidates: 2 })
    expect(timers.waiting).toBe(0)
  })

  it.each(['srflx', 'relay'])('sends 100 ms after the last address once a %s one is known', async (type) => {
    const { connection, timers, state } = start()
    connection.find('host')
    await timers.advance(400)
    connection.find(type)
    await timers.advance(450)
    connection.find('host')
    await timers.advance(549)
    expect(state.report).toBeUndefined()
    await timers.advance(550)
    expect(state.report).toEqual({ milliseconds: 550, outcome: 'enough', candidates: 3 })
  })

  it('keeps its cap when addresses go on coming', async () => {
    const { connection, timers, state } = start()
    for (let now = 0; now < 1_000; now += 50) {
      await timers.advance(now)
      connection.find('relay')
    }
    await timers.advance(1_000)
    expect(state.report).toMatchObject({ milliseconds: 1_000, outcome: 'capped', candidates: 20 })
  })

  it('what was gathered while it rang counts: after seconds of ringing only the gap is waited for', async () => {
    const connection = new FakeConnection()
    connection.find('host')
    const timers = new ManualTimers()
    await timers.advance(5_000)
    const { report } = gather(connection as unknown as RTCPeerConnection, DEFAULT_GATHER_POLICY, timers, 0)
    await timers.advance(5_100)
    expect(await report).toEqual({ milliseconds: 100, outcome: 'capped', candidates: 1 })
  })

  it('needs no time when all addresses are there', async () => {
    const connection = new FakeConnection()
    connection.find('host')
    connection.complete()
    const { timers, state } = start(connection)
    await timers.advance(0)
    expect(state.report).toEqual({ milliseconds: 0, outcome: 'complete', candidates: 1 })
  })

  it('is not taken in by the state of the gathering before a restart', async () => {
    const connection = new FakeConnection()
    connection.iceGatheringState = 'complete'
    const { timers, state } = start(connection)
    await timers.advance(10)
    expect(state.report).toBeUndefined()
    connection.iceGatheringState = 'gathering'
    connection.find('host')
    connection.complete()
    await timers.advance(10)
    expect(state.report).toMatchObject({ milliseconds: 10, outcome: 'complete' })
  })

  it('ends when the call does', async () => {
    const { timers, gathering, state } = start()
    gathering.stop()
    await timers.advance(0)
    expect(state.report).toMatchObject({ outcome: 'closed' })
    expect(timers.waiting).toBe(0)
  })
})

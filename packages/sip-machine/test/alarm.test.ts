import { describe, expect, it } from 'vitest'
import { Alarm } from '../src/index.js'
import type { Clock } from '../src/index.js'
import { VirtualClock } from '../src/testing/index.js'

function alarmOn(clock: Clock): { alarm: Alarm; rings: number[] } {
  const rings: number[] = []
  return { alarm: new Alarm(clock, () => rings.push(clock.now())), rings }
}

describe('Alarm', () => {
  it('rings once, at its instant', () => {
    const clock = new VirtualClock()
    const { alarm, rings } = alarmOn(clock)
    alarm.set(100)
    expect(alarm.at).toBe(100)
    clock.advance(99)
    expect(rings).toEqual([])
    clock.run()
    expect(rings).toEqual([100])
    expect(alarm.at).toBe(Infinity)
  })

  it('moves earlier and later, holding one alarm of the clock at most', () => {
    const clock = new VirtualClock()
    const { alarm, rings } = alarmOn(clock)
    for (let move = 0; move < 1000; move++) {
      alarm.set(1000 - move / 10)
      alarm.set(1000 + move)
      expect(clock.pending).toBe(1)
    }
    clock.run()
    expect(rings).toEqual([1999])
    expect(clock.pending).toBe(0)
  })

  it('is off at Infinity, and frees the clock', () => {
    const clock = new VirtualClock()
    const { alarm, rings } = alarmOn(clock)
    alarm.set(10)
    alarm.set(Infinity)
    expect(clock.pending).toBe(0)
    clock.run()
    expect(rings).toEqual([])
  })

  it('may be set anew while it rings', () => {
    const clock = new VirtualClock()
    const rings: number[] = []
    const alarm: Alarm = new Alarm(clock, () => {
      rings.push(clock.now())
      if (rings.length < 3) alarm.set(clock.now() + 10)
    })
    alarm.set(5)
    clock.run()
    expect(rings).toEqual([5, 15, 25])
  })

  it('does not ring before its instant on a clock that wakes early', () => {
    const virtual = new VirtualClock()
    const hasty: Clock = {
      now: () => virtual.now(),
      schedule: (at, wake) => virtual.schedule(at - virtual.now() > 1 ? at - 1 : at, wake),
    }
    const { alarm, rings } = alarmOn(hasty)
    alarm.set(100)
    virtual.run()
    expect(rings).toEqual([100])
  })
})

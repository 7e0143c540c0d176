// baresip sends a 440 Hz tone; we echo it; its recording says what it heard.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Baresip } from './support/baresip.js'
import { answering, offhook } from './support/offhook.js'
import { describeWith } from './support/peers.js'
import type { Sound } from './support/wav.js'

const isTone = (heard: Sound | undefined): void => {
  expect(heard?.frequency).toBe(440)
  expect(heard?.loudness).toBeGreaterThan(0.1)
  expect(heard?.seconds).toBeGreaterThan(1)
}

describeWith(['baresip', 'scripts'], 'baresip', (place) => {
  it('calls `offhook answer` and hears its own tone', async () => {
    await answering(place())
    const phone = Baresip.start(place(), { port: 17060, source: 'sine:440' })
    phone.dial('sip:echo@127.0.0.1:5060')
    await sleep(2500)
    phone.hangUp()
    await sleep(300)
    isTone(phone.stop())
  })

  it('is called by `offhook call` and hears its own tone', async () => {
    const phone = Baresip.start(place(), { port: 17060, source: 'sine:440' })
    const caller = offhook(place(), ['call', 'sip:bare@127.0.0.1:17060', '--duration', '2.5'])
    const { code } = await caller.end()
    expect(code, caller.output).toBe(0)
    await sleep(300)
    isTone(phone.stop())
  })
})

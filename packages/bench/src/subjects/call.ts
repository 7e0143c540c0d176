// A whole call in process, both ends, one after the other.
import { callMakers } from '../calls/call-makers.ts'
import type { Group } from '../subject.ts'

export const group: Group = {
  'whole call, both ends': Object.entries(callMakers).map(([system, make]) => ({
    system,
    prepare: async () => {
      const maker = await make()
      const call = async (): Promise<void> => (await maker.place()).hangUp()
      return rescued(call)
    },
  })),
}

/**
 * Does `call` as often as asked. jssip and sip.js draw their branches from 10⁷ values, so that now and then two live transactions
 * have the same one and a call never ends; after a second without progress the next one is placed.
 */
function rescued(call: () => Promise<void>): (count: number) => Promise<void> {
  let progress = 0
  let seen = -1
  let giveUp: () => void = () => undefined
  setInterval(() => {
    if (seen === progress) giveUp()
    seen = progress
  }, 1000).unref()
  return async (count) => {
    for (let done = 0; done < count; done += 1) {
      await new Promise<void>((resolve) => {
        giveUp = () => {
          console.error('a call got stuck')
          resolve()
        }
        call().then(resolve, giveUp)
      })
      progress += 1
    }
    giveUp = () => undefined
  }
}

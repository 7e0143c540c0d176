// A whole call in process, both ends, one after the other.
import { callMakers } from '../calls/call-makers.ts'
import type { Group } from '../subject.ts'

export const group: Group = {
  'whole call, both ends': Object.entries(callMakers).map(([system, make]) => ({
    system,
    prepare: async () => {
      const maker = await make()
      return async (count: number): Promise<void> => {
        for (let done = 0; done < count; done += 1) await (await maker.place()).hangUp()
      }
    },
  })),
}

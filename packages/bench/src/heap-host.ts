// Holds calls and tells the heap that each side of one takes, after its transactions have ended. Runs with --expose-gc.
import { setTimeout as sleep } from 'node:timers/promises'
import { callMakers } from './calls/call-makers.ts'

const [, , system = '', count = '', idle = ''] = process.argv
const make = callMakers[system]
if (make === undefined) throw new TypeError(`There is no ${system}`)
const maker = await make()

// The first calls pay for what is loaded once; few, as their ended transactions are still there when counting starts.
for (let done = 0; done < 5; done += 1) await (await maker.place()).hangUp()
const before = heapUsed()
const held: object[] = []
for (let done = 0; done < Number(count); done += 1) held.push(await maker.place())
await sleep(Number(idle))
process.send?.((heapUsed() - before) / (2 * held.length))
process.exit(0)

function heapUsed(): number {
  for (let pass = 0; pass < 4; pass += 1) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

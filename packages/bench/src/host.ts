// One subject in a process of its own: prepares it, then runs it as often as the parent says and reports the CPU time.
import type { Group } from './subject.ts'

const [, , file = '', task = '', system = ''] = process.argv
const { group } = (await import(`./subjects/${file}.ts`)) as { group: Group }
const subject = group[task]?.find((candidate) => candidate.system === system)
if (subject === undefined) throw new TypeError(`There is no ${system} under ${task}`)
const operation = await subject.prepare()

process.on('message', (count: number) => {
  void run(count)
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

async function run(count: number): Promise<void> {
  const before = process.cpuUsage()
  await operation(count)
  const { user, system: kernel } = process.cpuUsage(before)
  process.send?.(user + kernel)
}

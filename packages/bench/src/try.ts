import { measure, ratio } from './rounds.ts'
const { group } = await import(`./subjects/${process.argv[2]}.ts`)
for (const task of Object.keys(group)) {
  const figures = await measure(process.argv[2], task, group)
  console.log(task)
  for (const figure of figures) console.log('  ', figure.system, figure.micros.toFixed(2), 'µs', `x${ratio(figures[0], figure).toFixed(1)}`)
}

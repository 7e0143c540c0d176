// One UDP server in a process of its own; tells its CPU time when asked.
import { optionsServers } from './options-servers.ts'
import { servers } from './servers.ts'

const [, , name = '', port = ''] = process.argv
const start = servers[name] ?? optionsServers[name]
if (start === undefined) throw new TypeError(`There is no server "${name}"`)
await start(Number(port))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

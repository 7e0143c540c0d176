import { connectionOptions } from '../agent/connection-options.js'
import { createClientAgent } from '../agent/client-agent.js'
import { reportOutcome } from '../agent/request-outcome.js'
import { parseSipAddress } from '../agent/sip-address.js'
import type { Command, Invocation } from '../command-line/command.js'
import type { ExitCode } from '../command-line/exit-code.js'

/** `offhook options`: what a SIP server or phone can do. */
export const options: Command = {
  name: 'options',
  summary: 'ask a SIP server or phone what it can do',
  synopsis: '<uri> [options]',
  options: connectionOptions,
  notes: 'Exit code 0 when it answers with a 2xx.',
  async run(invocation: Invocation): Promise<ExitCode> {
    const target = parseSipAddress(invocation.args.exactly('<uri>')[0] ?? '', '<uri>')
    const { agent, close } = await createClientAgent(invocation, { target })
    try {
      return reportOutcome(invocation, target, await agent.options(target))
    } finally {
      await close()
    }
  },
}

import { connectionOptions } from '../agent/connection-options.js'
import { createClientAgent } from '../agent/client-agent.js'
import { reportOutcome } from '../agent/request-outcome.js'
import { parseSipAddress } from '../agent/sip-address.js'
import type { Command, Invocation } from '../command-line/command.js'
import type { ExitCode } from '../command-line/exit-code.js'

/** `offhook message`: a text message. */
export const message: Command = {
  name: 'message',
  summary: 'send a text message',
  synopsis: '<uri> <text> [options]',
  options: connectionOptions,
  notes: 'Exit code 0 when it was accepted (2xx).',
  async run(invocation: Invocation): Promise<ExitCode> {
    const [uri = '', text = ''] = invocation.args.exactly('<uri>', '<text>')
    const target = parseSipAddress(uri, '<uri>')
    const { agent, close } = await createClientAgent(invocation, { target })
    try {
      return reportOutcome(invocation, target, await agent.message(target, text))
    } finally {
      await close()
    }
  },
}

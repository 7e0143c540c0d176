import { addressOfRecord } from '@offhook/sip-parser'
import { connectionOptions } from '../agent/connection-options.js'
import { createClientAgent } from '../agent/client-agent.js'
import { registerAgent, unregisterAgent } from '../agent/registering.js'
import { parseSipAddress } from '../agent/sip-address.js'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'

/** `offhook register`: binds an address to this machine. */
export const register: Command = {
  name: 'register',
  summary: 'register an address with a registrar',
  synopsis: '<aor> --registrar <uri> [options]',
  options: {
    registrar: { value: '<uri>', text: 'where to register: sip:host;transport=tcp, ws://host:port/path (the domain of <aor>)' },
    expires: { value: '<seconds>', text: 'how long the binding shall last; 0 removes every binding of <aor> (3600)' },
    ...connectionOptions,
  },
  notes: 'Exits with 0 as soon as the binding stands; it lasts as long as the registrar says. A server that does not answer or is overloaded is asked twice.',
  async run(invocation: Invocation): Promise<ExitCode> {
    const { args } = invocation
    const aor = parseSipAddress(args.exactly('<aor>')[0] ?? '', '<aor>')
    const server = args.text('route') ?? args.text('registrar')
    const { agent, close, leave } = await createClientAgent(invocation, {
      identity: addressOfRecord(aor), target: aor, ...(server === undefined ? {} : { server }),
    })
    try {
      if (args.text('expires') === '0') {
        await unregisterAgent(agent, invocation, aor)
        await close()
        return exitCode.success
      }
      await registerAgent(agent, invocation, aor)
    } catch (error) {
      await close()
      throw error
    }
    // Closing the agent would take the binding back.
    leave()
    return exitCode.success
  },
}

import { UserAgent } from '@offhook/sip-session'
import { tcpAdapter } from '@offhook/sip-transport-node'
import { createEchoMedia } from '../media/echo-media.js'

/** The user part of the robot's address. */
export const robotName = 'echo'

/** Calls at the same time; more hear that the robot is busy, so that nobody can fill this process with media. */
const maxCalls = 100

/** A user agent of this process that takes every call and gives back what it hears. */
export class EchoRobot {
  readonly #agent: UserAgent
  /** Where the server reaches it. */
  readonly contact: string

  private constructor(agent: UserAgent, contact: string) {
    this.#agent = agent
    this.contact = contact
  }

  /** Starts it on a loopback port that the system chooses; TCP, because descriptions of WebRTC are long. */
  static async start(domain: string): Promise<EchoRobot> {
    const agent = new UserAgent({
      identity: `sip:${robotName}@${domain}`,
      displayName: 'Echo',
      adapters: [tcpAdapter()],
      media: createEchoMedia(),
      acceptAnyUser: true,
      userAgent: 'offhook echo',
    })
    agent.on('incoming', (call) => {
      if (agent.calls.length > maxCalls) void call.reject(486, 'All Echoes Busy')
      else void call.answer()
    })
    const { local } = await agent.listen({ transport: 'TCP', host: '127.0.0.1', port: 0 })
    return new EchoRobot(agent, `sip:${robotName}@${local.host}:${local.port};transport=tcp`)
  }

  close(): Promise<void> {
    return this.#agent.close()
  }
}

import type { SipUri } from '@offhook/sip-parser'
import { UserAgent } from '@offhook/sip-session'
import type { Extension, SessionDescriptionHandlerFactory } from '@offhook/sip-session'
import { Ladder } from '@offhook/sip-trace'
import { createLocate, nodeAdapters } from '@offhook/sip-transport-node'
import type { Invocation } from '../command-line/command.js'
import { parseListenAddress } from '../command-line/socket-address.js'
import { listenAt } from './listening.js'
import { identityOf } from './sip-address.js'
import { readTlsFiles } from './tls-files.js'

/** What makes one client differ from another. */
export interface ClientAgentOptions {
  /** The address of record; from `--user` and `target` when absent. */
  readonly identity?: string
  /** Whom the command is about. */
  readonly target: SipUri
  readonly media?: SessionDescriptionHandlerFactory
  readonly acceptAnyUser?: boolean
  readonly extensions?: readonly Extension[]
  /** Answer challenges of this realm only. */
  readonly realm?: string
  /** Instead of `--route`. */
  readonly server?: string
}

/** A user agent as the options of the command line want it, and its end. */
export interface ClientAgent {
  readonly agent: UserAgent
  /** Draws the ladder where it was asked for, takes a registration back and frees everything. */
  readonly close: () => Promise<void>
  /** Draws the ladder and lets a registration stand: for a command whose process ends now. */
  readonly leave: () => void
}

/** Makes the user agent of a client command, listening where `--listen` says. */
export async function createClientAgent({ args, report, terminal }: Invocation, options: ClientAgentOptions): Promise<ClientAgent> {
  const listen = args.texts('listen').map(parseListenAddress)
  const tls = await readTlsFiles(args, listen)
  const identity = options.identity ?? identityOf(args.text('user'), options.target)
  const [password, server] = [args.text('password'), options.server ?? args.text('route')]
  const user = args.text('user')?.split('@')[0]?.replace(/^sips?:/, '')
  const ladder = args.flag('ladder') ? new Ladder() : undefined
  const agent = new UserAgent({
    identity,
    adapters: nodeAdapters({ tls }),
    locate: createLocate({ steady: true }),
    userAgent: 'offhook',
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : options.realm === undefined ? { password } : { credentials: { username: user ?? '', password, realm: options.realm } }),
    ...(options.extensions === undefined ? {} : { extensions: options.extensions }),
    ...(server === undefined ? {} : { server }),
    ...(options.media === undefined ? {} : { media: options.media }),
    acceptAnyUser: options.acceptAnyUser ?? false,
    ...(ladder === undefined ? {} : { trace: (record) => void ladder.add(record) }),
  })
  const leave = (): void => {
    if (ladder !== undefined) terminal.err(ladder.toText({ width: 100 }))
  }
  const close = async (): Promise<void> => {
    await agent.close()
    leave()
  }
  try {
    await listenAt(agent, listen, report)
  } catch (error) {
    await close()
    throw error
  }
  return { agent, close, leave }
}

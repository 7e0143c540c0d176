import { md5, sha256 } from '@offhook/sip-auth'
import type { DigestAlgorithm } from '@offhook/sip-auth'
import { hostClock, hostRandom } from '@offhook/sip-machine/host'
import { SipServer } from '@offhook/sip-server'
import type { RegistrationChange } from '@offhook/sip-server'
import { createLocate, nodeAdapters } from '@offhook/sip-transport-node'
import { readTlsFiles } from '../agent/tls-files.js'
import type { TlsFiles } from '../agent/tls-files.js'
import type { Command, Invocation } from '../command-line/command.js'
import { exitCode } from '../command-line/exit-code.js'
import type { ExitCode } from '../command-line/exit-code.js'
import { untilInterrupted } from '../command-line/interruption.js'
import { readNamedFile } from '../command-line/read-file.js'
import { formatHostPort, parseHostPort, parseListenAddress } from '../command-line/socket-address.js'
import type { ListenAddress } from '../command-line/socket-address.js'
import { UsageError } from '../command-line/usage-error.js'
import { EchoRobot, robotName } from '../serve/echo-robot.js'
import { OnlineList } from '../serve/online-list.js'
import { readPageFiles } from '../serve/page-files.js'
import { listenForSip } from '../serve/sip-listening.js'
import { parseUser, parseUserFile } from '../serve/user-list.js'
import type { UserList } from '../serve/user-list.js'
import { WebFront } from '../serve/web-front.js'
import type { WebAddress } from '../serve/web-front.js'

/** `offhook serve`: the main job. */
export const serve: Command = {
  name: 'serve',
  summary: 'run a SIP server with a softphone page and an echo robot',
  synopsis: '[options]',
  options: {
    http: { value: '<host:port>', text: 'the softphone page, and SIP over WebSocket at /sip (127.0.0.1:8080)' },
    listen: { value: '<transport:host:port>', repeatable: true, text: 'udp:, tcp: or tls: for SIP, ws: or wss: for one more page (udp: and tcp:127.0.0.1:5060)' },
    users: { value: '<file>', text: 'people who may register, one name:password a line' },
    auth: { value: '<name:password>', repeatable: true, text: 'one of them' },
    digest: { value: 'md5|sha-256', text: 'ask for this digest alone, for phones that stumble over a choice of two (SHA-256, else MD5)' },
    domain: { value: '<name>', repeatable: true, text: 'serve the users of this domain only (any)' },
    origin: { value: '<url>', repeatable: true, text: 'web page of another server that may connect, such as https://phone.example.com' },
    cert: { value: '<file>', text: 'certificate (PEM) for tls: and wss:' },
    key: { value: '<file>', text: 'its private key (PEM)' },
    ca: { value: '<file>', text: 'authority (PEM) that signed the certificates of other servers' },
  },
  notes:
    'Without --users and --auth anybody may take any name. Port 5060 falls to a free one when it is taken, with a word; ports that\n' +
    'you name do not. For phones on the network: --listen wss:0.0.0.0:8443 --cert cert.pem --key key.pem (browsers give the\n' +
    'microphone to https: pages and to localhost only). sip:echo@… answers every call and sends back what it hears.',
  async run(invocation: Invocation): Promise<ExitCode> {
    invocation.args.exactly()
    const server = await start(invocation)
    try {
      await untilInterrupted(invocation.terminal)
      return exitCode.success
    } finally {
      await server.close()
    }
  },
}

interface RunningServer {
  close(): Promise<void>
}

async function start({ args, report }: Invocation): Promise<RunningServer> {
  const listen = args.texts('listen').map(parseListenAddress)
  const tls = await readTlsFiles(args, listen)
  const users = await readUsers({ args })
  const algorithms = algorithmsOf(args.text('digest'))
  const origins = checkOrigins(args.texts('origin'))
  const domains = args.texts('domain')
  const domain = domains[0] ?? 'localhost'
  const open: { close(): unknown }[] = []
  const close = async (): Promise<void> => {
    for (const each of open.reverse()) await each.close()
  }
  try {
    let server = undefined as SipServer | undefined
    const online = new OnlineList((registration) => {
      // Where people need a password, who is there is told to them only.
      const names = users.size === 0 || isRegistered(server, registration) ? { users: onlineNames(server) } : {}
      return { domain, passwords: users.size > 0, robot: robotName, ...names }
    })
    const front = new WebFront({
      addresses: webAddresses(args.text('http'), listen), files: await readPageFiles(), online, hosts: domains, origins,
      ...certificateOf(tls),
    })
    open.push(online, front)
    const urls = await front.listen()
    const sip = createSipServer({ front, urls, tls, users, domains, algorithms })
    open.push(sip)
    server = sip
    const said = new Map<string, boolean>()
    sip.on('registration', (change) => {
      online.changed()
      tellRegistration(change, said, report)
    })
    sip.on('error', (error) => report.warning('internal', `a request could not be handled: ${error instanceof Error ? error.message : String(error)}`))
    for (const url of urls) report.event('page', { url: url.href }, `Softphone   ${url.href}`)
    await listenForSip(sip, listen.filter(isSipOnly), report)
    await listenForWeb(sip, urls)
    const robot = await EchoRobot.start(domain)
    open.push(robot)
    await sip.bind(`sip:${robotName}@${domain}`, robot.contact)
    report.event('ready', { url: urls[0]?.href }, 'Open the page in two tabs, pick two names and call. Ctrl-C ends.')
    return { close }
  } catch (error) {
    await close()
    throw error
  }
}

function createSipServer(parts: { front: WebFront; urls: readonly URL[]; tls: TlsFiles; users: UserList; domains: readonly string[]; algorithms: readonly DigestAlgorithm[] }): SipServer {
  const { front, urls, tls, users, domains, algorithms } = parts
  const allowedOrigins = front.allowedOrigins(urls)
  const [plain, secure] = [front.hub(false), front.hub(true)]
  return new SipServer({
    adapters: nodeAdapters({
      tls,
      ws: { allowedOrigins, ...(plain === undefined ? {} : { server: plain }) },
      wss: { allowedOrigins, ...tls, ...(secure === undefined ? {} : { server: secure }) },
    }),
    clock: hostClock,
    random: hostRandom,
    auth: users.size === 0 ? 'open' : { passwords: (name) => users.get(name), algorithms },
    locate: createLocate(),
    ...(domains.length === 0 ? {} : { domains: [...domains] }),
    // The robot's name is taken.
    admit: (request) => {
      const { uri } = request.to
      return request.method === 'REGISTER' && 'decodedUser' in uri && uri.decodedUser === robotName ? { statusCode: 403, reasonPhrase: 'Name Of The Robot' } : undefined
    },
  })
}

/** The domain learns the addresses of the page. */
async function listenForWeb(sip: SipServer, urls: readonly URL[]): Promise<void> {
  for (const { protocol, hostname, port } of urls) {
    await sip.listen({ transport: protocol === 'https:' ? 'WSS' : 'WS', host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) })
  }
}

async function readUsers({ args }: Pick<Invocation, 'args'>): Promise<UserList> {
  const path = args.text('users')
  const users = new Map(path === undefined ? [] : parseUserFile(new TextDecoder().decode(await readNamedFile(path, '--users')), path))
  for (const text of args.texts('auth')) users.set(...parseUser(text, '--auth'))
  if (path !== undefined && users.size === 0) throw new UsageError(`--users ${path} has no name:password line`)
  return users
}

/** RFC 8760 §2.4 lets a server offer several, the best first; SIPp and baresip give up at the first they do not know. */
function algorithmsOf(digest: string | undefined): readonly DigestAlgorithm[] {
  switch (digest?.toLowerCase()) {
    case undefined: return [sha256, md5]
    case 'sha-256': return [sha256]
    case 'md5': return [md5]
    default: throw new UsageError(`--digest takes md5 or sha-256, not "${digest ?? ''}"`)
  }
}

function webAddresses(http: string | undefined, listen: readonly ListenAddress[]): WebAddress[] {
  const main = parseHostPort(http ?? '8080', '127.0.0.1', 8080, '--http')
  const more = listen.filter((address) => !isSipOnly(address)).map(({ transport, host, port }) => ({
    secure: transport === 'WSS', host, port, alternative: `--listen ${transport.toLowerCase()}:${formatHostPort(host, port + 1)}`,
  }))
  return [{ secure: false, ...main, alternative: `--http ${formatHostPort(main.host, main.port + 1)}` }, ...more]
}

function isSipOnly({ transport }: ListenAddress): boolean {
  return transport !== 'WS' && transport !== 'WSS'
}

function checkOrigins(origins: readonly string[]): readonly string[] {
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin === 'null') throw new UsageError(`--origin takes the start of a web address such as https://phone.example.com, not "${origin}"`)
  }
  return origins
}

function isRegistered(sip: SipServer | undefined, callId: string): boolean {
  return sip?.registered().some(({ bindings }) => bindings.some((binding) => binding.callId === callId && binding.expiresAt !== Infinity)) ?? false
}

function onlineNames(sip: SipServer | undefined): string[] {
  const names = (sip?.registered() ?? []).map(({ addressOfRecord }) => userOf(addressOfRecord))
  return names.filter((name) => name !== robotName).sort((a, b) => a.localeCompare(b))
}

function tellRegistration({ addressOfRecord, bindings, reason }: RegistrationChange, said: Map<string, boolean>, report: Invocation['report']): void {
  const name = userOf(addressOfRecord)
  const isOnline = bindings.length > 0
  // A refresh is no news.
  if (name === robotName || (said.get(name) ?? false) === isOnline) return
  if (isOnline) said.set(name, true)
  else said.delete(name)
  report.event('registration', { name, online: isOnline, reason }, `${name} is ${isOnline ? 'online' : 'offline'}`)
}

function userOf(addressOfRecord: string): string {
  return addressOfRecord.replace(/^sips?:/, '').replace(/@[^@]*$/, '')
}

function certificateOf({ cert, key }: TlsFiles): { tls?: { cert: Buffer; key: Buffer } } {
  return cert === undefined || key === undefined ? {} : { tls: { cert, key } }
}

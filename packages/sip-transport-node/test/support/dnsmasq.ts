import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Where the program is; `undefined` where it is not installed (Debian: `apt-get install dnsmasq-base`). */
export const dnsmasqProgram: string | undefined = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map((folder) => join(folder, 'dnsmasq'))
  .find((path) => existsSync(path))

/** A real DNS server on a high port of loopback, with records of the test's making. Names end in `.test`; the others do not exist. */
export class Dnsmasq {
  /** `address:port`. */
  readonly server: string
  /** What it said. */
  log = ''
  readonly #process: ChildProcess
  readonly #folder: string
  readonly #ended: Promise<unknown>

  private constructor(port: number, options: readonly string[]) {
    this.server = `127.0.0.1:${port}`
    this.#folder = mkdtempSync(join(tmpdir(), 'offhook-dns-'))
    this.#process = spawn(dnsmasqProgram ?? 'dnsmasq', [
      '--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--bind-interfaces', '--listen-address=127.0.0.1', `--port=${port}`,
      '--pid-file=', '--log-facility=-', '--log-queries', '--local=/test/', '--address=/elsewhere/', `--hostsdir=${this.#folder}`,
      ...(process.getuid?.() === 0 ? ['--user=root'] : []), ...options,
    ], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream?.on('data', (bytes: Buffer) => { this.log += bytes.toString() })
    this.#ended = new Promise((resolve) => this.#process.once('close', resolve))
  }

  /** @param options as on its command line: `--srv-host=…`, `--naptr-record=…`, `--host-record=…` */
  static async start(options: readonly string[]): Promise<Dnsmasq> {
    for (let attempt = 1; ; attempt++) {
      const dnsmasq = new Dnsmasq(await freePort(), ['--host-record=ready.test,127.0.0.9', ...options])
      if (await dnsmasq.#answers()) return dnsmasq
      await dnsmasq.stop()
      if (attempt === 3) throw new TypeError(`dnsmasq does not start: ${dnsmasq.log}`)
    }
  }

  /** How often a name was asked for, with the record type as dnsmasq spells it: `SRV`, `A`, `AAAA`, `NAPTR`. */
  asked(type: string, name: string): number {
    return this.log.split(`query[${type}] ${name} `).length - 1
  }

  /** Adds a host from now on. */
  addHost(name: string, address: string): void {
    writeFileSync(join(this.#folder, name), `${address} ${name}\n`)
  }

  async stop(): Promise<void> {
    this.#process.kill()
    await this.#ended
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #answers(): Promise<boolean> {
    const dns = new Resolver({ timeout: 100, tries: 1 })
    dns.setServers([this.server])
    for (let attempt = 0; attempt < 100 && this.#process.exitCode === null; attempt++) {
      const answer = await dns.resolve4('ready.test').catch(() => new Promise<undefined>((resolve) => setTimeout(resolve, 20)))
      if (answer?.[0] === '127.0.0.9') return true
    }
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}

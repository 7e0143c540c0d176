// What the tests need beyond npm: which of it is missing, and the one apt-get call that brings it.
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { hasChromium } from './chromium.mjs'

/**
 * @typedef {object} Need
 * @property {string} name what a reader calls it
 * @property {string[]} [commands] programs that must be on the PATH (or absolute files that must exist)
 * @property {() => boolean} [isHere] instead of `commands`
 * @property {string[]} packages Debian's names
 * @property {string} tests what is skipped without it
 * @property {string} [otherwise] how to get it where there is no apt
 */

/** @type {Need[]} Brought by every run that may install. */
export const always = [
  { name: 'Chromium', isHere: hasChromium, packages: ['chromium'], tests: 'browser tests and page-to-page calls', otherwise: 'npx playwright install chromium' },
  { name: 'SIPp', commands: ['sipp'], packages: ['sip-tester'], tests: 'calls with SIPp' },
  { name: 'dnsmasq', commands: ['dnsmasq'], packages: ['dnsmasq-base'], tests: 'finding servers in a real DNS' },
]

/** @type {Need[]} Brought by CI alone: they are big, and a developer rarely changes what they check. */
export const peers = [
  {
    name: 'Kamailio', commands: ['kamailio', 'curl', 'openssl', 'ss', '/usr/lib/x86_64-linux-gnu/kamailio/modules/tls.so|/usr/lib/aarch64-linux-gnu/kamailio/modules/tls.so', '/usr/lib/x86_64-linux-gnu/kamailio/modules/websocket.so|/usr/lib/aarch64-linux-gnu/kamailio/modules/websocket.so'],
    packages: ['kamailio', 'kamailio-tls-modules', 'kamailio-websocket-modules', 'kamailio-outbound-modules', 'kamailio-presence-modules', 'kamailio-sqlite-modules', 'sqlite3', 'curl', 'openssl', 'iproute2'],
    tests: 'registration and calls through Kamailio',
  },
  { name: 'Firefox', commands: ['firefox-esr'], packages: ['firefox-esr'], tests: 'calls between Chromium and Firefox' },
  { name: 'coturn', commands: ['turnserver'], packages: ['coturn'], tests: 'calls through a relay' },
  { name: 'baresip', commands: ['baresip', 'ip', 'sox'], packages: ['baresip-core', 'sox', 'iproute2'], tests: 'calls with baresip' },
  { name: 'linphone', commands: ['linphonec', 'ip', 'sox'], packages: ['linphone-cli', 'sox', 'iproute2'], tests: 'calls with linphone' },
]

const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']

/** @param {string} command a program's name, or absolute paths of which one will do, separated by `|` */
function isPresent(command) {
  if (command.startsWith('/')) return command.split('|').some((path) => existsSync(path))
  return folders.some((folder) => existsSync(join(folder, command)))
}

/** @param {Need[]} needs @returns {Need[]} */
export const missing = (needs) => needs.filter(({ commands = [], isHere = () => commands.every(isPresent) }) => !isHere())

/** Whether this process can install Debian packages. */
export const mayInstall = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0

const policy = '/usr/sbin/policy-rc.d'

/**
 * One apt-get update, one install; no daemon starts by it (policy-rc.d, Debian Policy §9.3.3).
 * @param {Need[]} needs
 */
export function install(needs) {
  const packages = [...new Set(needs.flatMap((need) => need.packages))]
  console.log(`Installing ${packages.join(' ')}`)
  const options = { stdio: /** @type {const} */ (['ignore', 'ignore', 'inherit']), env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const own = !existsSync(policy)
  if (own) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    execFileSync('apt-get', ['update', '-qq'], options)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
  } finally {
    if (own) rmSync(policy, { force: true })
  }
}

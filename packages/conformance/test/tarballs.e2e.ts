// What a stranger installs: the packed packages, type-checked and run from outside the repository.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const packages = fileURLToPath(new URL('../..', import.meta.url))
const root = join(packages, '..')

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
}
const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Packs a package and all it needs into `modules`, as an installation would lay them out. */
function installInto(modules: string, name: string, scratch: string): void {
  const folder = join(modules, '@offhook', name)
  const source = join(packages, name)
  if (readdirSync(join(modules, '@offhook')).includes(name)) return
  mkdirSync(folder)
  execFileSync('pnpm', ['pack', '--pack-destination', scratch], { cwd: source, stdio: 'ignore' })
  const tarball = readdirSync(scratch).find((file) => file.startsWith(`offhook-${name}-`) && /^\d/.test(file.slice(`offhook-${name}-`.length)))
  execFileSync('tar', ['-xzf', join(scratch, tarball ?? ''), '-C', folder, '--strip-components=1'])
  for (const dependency of Object.keys(readManifest(folder).dependencies ?? {})) {
    if (dependency.startsWith('@offhook/')) installInto(modules, dependency.slice('@offhook/'.length), scratch)
    else linkForeign(modules, dependency, source)
  }
}

/** A dependency from the registry: the copy that the workspace has. */
function linkForeign(modules: string, name: string, from: string): void {
  mkdirSync(join(modules, name, '..'), { recursive: true })
  try {
    symlinkSync(realpathSync(join(from, 'node_modules', name)), join(modules, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const consumer = `
import { UserAgent, type Call, type UserAgentOptions } from '@offhook/sip-session'
import { parseMessage, type SipMessage } from '@offhook/sip-parser'
import { hostClock } from '@offhook/sip-machine/host'
import { createMemoryNetwork } from '@offhook/sip-transport/memory'

const options: UserAgentOptions = { identity: 'sip:alice@example.com', adapters: [createMemoryNetwork().adapter('TCP')], clock: hostClock }
const agent = new UserAgent(options)
const answer = async (call: Call): Promise<void> => {
  await call.answer()
}
agent.on('incoming', (call) => void answer(call))
const parsed = parseMessage('OPTIONS sip:a@b SIP/2.0\\r\\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\\r\\nFrom: <sip:c@d>;tag=1\\r\\nTo: <sip:a@b>\\r\\nCall-ID: 1\\r\\nCSeq: 1 OPTIONS\\r\\n\\r\\n')
const message: SipMessage | undefined = parsed.ok ? parsed.value : undefined
console.log(message?.cseq.method)
void agent.close()
`

describe('the packed packages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-consumer-'))
  const modules = join(folder, 'node_modules')

  beforeAll(() => {
    mkdirSync(join(modules, '@offhook'), { recursive: true })
    const scratch = join(folder, 'tarballs')
    mkdirSync(scratch)
    for (const name of ['sip-session', 'sip-server', 'sip-webrtc', 'sip-cli']) installInto(modules, name, scratch)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'consumer.ts'), consumer)
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([['nodenext', 'nodenext'], ['esnext', 'bundler']])('type-check for a stranger with module %s, resolution %s', (module, resolution) => {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { module, moduleResolution: resolution, target: 'es2023', lib: ['es2023', 'dom'], types: [], strict: true, skipLibCheck: false, outDir: 'out' }, files: ['consumer.ts'] }))
    const run = (): string => execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8', stdio: 'pipe' })
    try {
      expect(run()).toBe('')
    } catch (error) {
      throw new Error((error as { stdout?: string }).stdout ?? String(error), { cause: error })
    }
  })

  it('run as built', () => {
    expect(execFileSync(process.execPath, [join(folder, 'out', 'consumer.js')], { encoding: 'utf8', timeout: 20_000 }).trim()).toBe('OPTIONS')
  })

  it('load with require() too', () => {
    const list = ['sip-parser', 'sip-sdp', 'sip-session', 'sip-server', 'sip-webrtc', 'sip-transport-node']
    writeFileSync(join(folder, 'all.cjs'), `${list.map((name) => `require('@offhook/${name}')`).join('\n')}\nconsole.log('loaded')`)
    expect(execFileSync(process.execPath, [join(folder, 'all.cjs')], { encoding: 'utf8' }).trim()).toBe('loaded')
  })

  it('do not lead to sources, and bring the command', () => {
    for (const name of readdirSync(join(modules, '@offhook'))) expect(JSON.stringify(readManifest(join(modules, '@offhook', name)).exports), name).not.toContain('@offhook/source')
    expect(execFileSync(process.execPath, [join(modules, '@offhook/sip-cli/dist/bin.js'), '--help'], { encoding: 'utf8' })).toContain('offhook')
  })
})

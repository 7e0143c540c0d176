// The C libraries beside which we are measured, and the drivers of our own that are built for them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { corpusFile } from '../corpus/corpus-file.ts'
import { mix } from '../corpus/messages.ts'
import { BenchError } from '../errors.ts'

interface Library {
  /** As the table shows it. */
  readonly system: string
  /** Debian's package. */
  readonly debian: string
  /** What pkg-config calls it. */
  readonly module: string
  /** Its part of the driver, in native/. */
  readonly source: string
}

/** A driver that was built. */
export interface Driver {
  readonly system: string
  readonly program: string
  /** File of the messages it reads. */
  readonly corpus: string
}

const libraries: readonly Library[] = [
  { system: 'Sofia-SIP', debian: 'libsofia-sip-ua-dev', module: 'sofia-sip-ua', source: 'sofia.c' },
  { system: 'libosip2', debian: 'libosip2-dev', module: 'libosip2', source: 'osip.c' },
]

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
/** Where nothing is kept in the repository. */
const folder = here('dist/native')
const corpus = `${folder}/corpus.bin`

/** Standard output of a program; undefined when there is no such program or it fails. */
const output = (program: string, ...parameters: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync(program, parameters, { encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** Why a library stays out of the table; undefined when it can be built. */
function obstacle({ system, debian, module }: Library, compiler: string): string | undefined {
  const missing = [
    ...(output(compiler, '--version') === undefined ? ['gcc'] : []),
    ...(output('pkg-config', '--version') === undefined ? ['pkg-config', debian] : output('pkg-config', '--exists', module) === undefined ? [debian] : []),
  ]
  return missing.length === 0 ? undefined : `${system} is left out; to have it measured: apt-get install ${missing.join(' ')}`
}

function build({ system, module, source }: Library, compiler: string): Driver {
  const program = `${folder}/${source.replace(/\.c$/, '')}`
  const flags = (output('pkg-config', '--cflags', '--libs', module) ?? '').trim().split(/\s+/)
  const { status, stderr } = spawnSync(compiler, ['-std=c11', '-O2', here('native/driver.c'), here(`native/${source}`), '-o', program, ...flags], { encoding: 'utf8' })
  if (status !== 0) throw new BenchError('build-failed', `The driver for ${system} cannot be compiled:\n${stderr}`)
  return { system, program, corpus }
}

/** Builds the drivers of the libraries that are installed; `say` gets a line for every other one. */
export function buildDrivers({ say, compiler = process.env['CC'] ?? 'cc' }: { say: (line: string) => void; compiler?: string }): Driver[] {
  const ready = libraries.filter((library) => {
    const reason = obstacle(library, compiler)
    if (reason !== undefined) say(reason)
    return reason === undefined
  })
  if (ready.length === 0) return []
  mkdirSync(folder, { recursive: true })
  writeFileSync(corpus, corpusFile(mix()))
  return ready.map((library) => build(library, compiler))
}

// The C libraries beside which we are measured, and the drivers of our own that are built for them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { corpusFile } from '../corpus/corpus-file.ts'
import { offers } from '../corpus/descriptions.ts'
import { mix } from '../corpus/messages.ts'
import { BenchError } from '../errors.ts'

interface Library {
  /** As the table shows it. */
  readonly system: string
  /** Debian's package. */
  readonly debian: string
  /** What pkg-config calls it. */
  readonly module: string
  /** Its driver's parts in native/, the one that gives the program its name first. */
  readonly sources: readonly [string, ...string[]]
}

/** What a program reads: SIP messages, or session descriptions. */
export type NativeCorpus = 'messages' | 'descriptions'

/** A driver that was built. */
export interface Driver {
  readonly system: string
  readonly program: string
  /** File of the messages it reads. */
  readonly corpus: string
}

const sofia = { system: 'Sofia-SIP', debian: 'libsofia-sip-ua-dev', module: 'sofia-sip-ua' }

const libraries: Readonly<Record<NativeCorpus, readonly Library[]>> = {
  messages: [
    { ...sofia, sources: ['sofia.c', 'driver.c', 'corpus.c'] },
    { system: 'libosip2', debian: 'libosip2-dev', module: 'libosip2', sources: ['osip.c', 'driver.c', 'corpus.c'] },
  ],
  descriptions: [{ ...sofia, sources: ['sofia-sdp.c', 'corpus.c'] }],
}

/** What is in the corpus. */
const contents: Readonly<Record<NativeCorpus, () => readonly Uint8Array[]>> = {
  messages: mix,
  // Sofia-SIP types the codecs of no other secured profile.
  descriptions: () => offers().map((text) => new TextEncoder().encode(text.replaceAll(' UDP/TLS/RTP/SAVPF ', ' RTP/SAVP '))),
}

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
/** Where nothing is kept in the repository. */
const folder = here('dist/native')

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

function build({ system, module, sources }: Library, compiler: string, corpus: string): Driver {
  const program = `${folder}/${sources[0].replace(/\.c$/, '')}`
  const flags = (output('pkg-config', '--cflags', '--libs', module) ?? '').trim().split(/\s+/)
  const { status, stderr } = spawnSync(compiler, ['-std=c11', '-O2', ...sources.map((source) => here(`native/${source}`)), '-o', program, ...flags], { encoding: 'utf8' })
  if (status !== 0) throw new BenchError('build-failed', `The driver for ${system} cannot be compiled:\n${stderr}`)
  return { system, program, corpus }
}

/** Builds the drivers of the libraries that are installed; `say` gets a line for every other one. */
export function buildDrivers(what: NativeCorpus, { say, compiler = process.env['CC'] ?? 'cc' }: { say: (line: string) => void; compiler?: string }): Driver[] {
  const corpus = `${folder}/${what}.bin`
  const ready = libraries[what].filter((library) => {
    const reason = obstacle(library, compiler)
    if (reason !== undefined) say(reason)
    return reason === undefined
  })
  if (ready.length === 0) return []
  mkdirSync(folder, { recursive: true })
  writeFileSync(corpus, corpusFile(contents[what]()))
  return ready.map((library) => build(library, compiler, corpus))
}

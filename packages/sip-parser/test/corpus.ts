import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of third-party messages beside the repository; a clone elsewhere does not have it. */
const root = fileURLToPath(new URL('../../../../shared/torture/', import.meta.url))

export const hasCorpus: boolean = existsSync(root)
if (!hasCorpus) console.warn('skipped: ../shared/torture is not here, torture and sample messages are not tested')

export interface Entry {
  readonly file: string
  readonly parse?: 'accept' | 'reject' | 'either' | 'n/a'
  readonly kind?: string
  readonly expect?: string
  readonly clean?: boolean
}

export function readCorpus(file: string): Uint8Array {
  return new Uint8Array(readFileSync(root + file))
}

/** The entries of a manifest that is a list, or holds one. */
export function manifest(folder: string): readonly Entry[] {
  const parsed: unknown = JSON.parse(readFileSync(`${root}${folder}/manifest.json`, 'utf8'))
  const list = Array.isArray(parsed) ? parsed : Object.values(parsed as object).find((value) => Array.isArray(value))
  return list as readonly Entry[]
}

/** Every message file under a folder. */
export function filesUnder(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesUnder(path)
    return entry.name.endsWith('.dat') ? [path] : []
  })
}

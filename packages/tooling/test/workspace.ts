// The repository as the structure tests read it.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** The part of a package.json that the tests look at. */
export interface Manifest {
  readonly name: string
  readonly description?: string
  readonly version: string
  readonly private?: boolean
  readonly type?: string
  readonly license?: string
  readonly sideEffects?: boolean
  readonly engines?: { readonly node?: string }
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly publishConfig?: { readonly access?: string; readonly exports?: Manifest['exports'] }
  readonly repository?: { readonly directory?: string }
  readonly dependencies?: Readonly<Record<string, string>>
}

export interface WorkspacePackage {
  /** Folder under packages/, which is also the name without its scope. */
  readonly folder: string
  readonly path: string
  readonly manifest: Manifest
}

export const packages: readonly WorkspacePackage[] = readdirSync(join(root, 'packages')).map((folder) => {
  const path = join(root, 'packages', folder)
  return { folder, path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest }
})

export const published: readonly WorkspacePackage[] = packages.filter(({ manifest }) => manifest.private !== true)

const skipped = new Set(['node_modules', 'dist', 'coverage', '.turbo'])

/** Every file under a folder of the repository that the pattern matches, as absolute paths. */
export function filesUnder(folder: string, pattern: RegExp): string[] {
  const path = resolve(root, folder)
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return []
    const inner = join(path, entry.name)
    if (entry.isDirectory()) return filesUnder(inner, pattern)
    return pattern.test(entry.name) ? [inner] : []
  })
}

/** Every module specifier of a file, those of types and of dynamic imports included. */
export function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
}

/** A file's path as messages show it. */
export const shown = (path: string): string => relative(root, path)

/** The source file that a relative specifier means, by the `.js` → `.ts` rule. */
export const targetOf = (from: string, specifier: string): string => resolve(dirname(from), specifier).replace(/\.js$/, '.ts')

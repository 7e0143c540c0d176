import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readExamples } from '../readme-examples.mjs'
import { filesUnder, packages, published, root, shown } from './workspace.js'

describe.each(packages)('packages/$folder', ({ folder, path, manifest }) => {
  const readme = join(path, 'README.md')

  it('is an ES module under the MIT licence, named after its folder', () => {
    expect(manifest).toMatchObject({ name: `@offhook/${folder}`, type: 'module', license: 'MIT' })
  })

  it('has a README', () => {
    expect(existsSync(readme), `${shown(readme)} is missing`).toBe(true)
  })

  if (manifest.private === true) return

  it('is published with exports, types, engines, and no side effects', () => {
    expect(manifest.sideEffects).toBe(false)
    expect(manifest.engines?.node).toMatch(/^>=\d+/)
    expect(manifest.description).toMatch(/\w.*\.$/)
    expect(manifest.repository?.directory).toBe(`packages/${folder}`)
    expect(manifest.publishConfig?.access).toBe('public')
  })

  it('offers the same doors from source and from the tarball', () => {
    const doors = Object.entries(manifest.exports ?? {})
    expect(doors.map(([door]) => door)).toEqual(Object.keys(manifest.publishConfig?.exports ?? {}))
    for (const [door, target] of doors) {
      if (typeof target === 'string') continue
      const source = target['@offhook/source'] ?? ''
      expect(existsSync(join(path, source)), `${door} of ${folder} means ${source}`).toBe(true)
      const built = source.replace('./src/', './dist/').replace(/\.ts$/, '')
      expect(target).toMatchObject({ types: `${built}.d.ts`, default: `${built}.js` })
      expect(Object.keys(target)).toEqual(['@offhook/source', 'types', 'default'])
      expect(manifest.publishConfig?.exports?.[door]).toEqual({ types: `${built}.d.ts`, default: `${built}.js` })
    }
  })

  it('has a README of one screen that says how to install it and shows an example', () => {
    if (!existsSync(readme)) return
    const text = readFileSync(readme, 'utf8')
    expect(text.split('\n').length).toBeLessThanOrEqual(80)
    expect(text).toContain(`@offhook/${folder}`)
    expect(text).toMatch(/npm (install|i) |npx /)
    if (folder !== 'sip-cli') expect(readExamples(readme).filter(({ host }) => host !== 'illustration').length).toBeGreaterThan(0)
  })

  it('has tests', () => {
    expect(filesUnder(`packages/${folder}/test`, /\.(test|browser|e2e)\.ts$/).length).toBeGreaterThan(0)
  })

  it('has a changeset that waits, or a changelog', () => {
    const waiting = readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md') && name !== 'README.md')
    const named = waiting.some((name) => readFileSync(join(root, '.changeset', name), 'utf8').includes(`'@offhook/${folder}':`) || readFileSync(join(root, '.changeset', name), 'utf8').includes(`"@offhook/${folder}":`))
    expect(named || existsSync(join(path, 'CHANGELOG.md')), 'neither .changeset/*.md nor CHANGELOG.md names it').toBe(true)
  })
})

describe('the public surface', () => {
  const doors = published.flatMap(({ folder, path, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([door, target]) => (typeof target === 'string' ? [] : [{ folder, door, source: join(path, target['@offhook/source'] ?? '') }])),
  )

  it.each(doors)('of @offhook/$folder $door is named exports only, and as noted', async ({ folder, door, source }) => {
    const names = exportedNames(source)
    const file = `surface/${folder}${door === '.' ? '' : `-${door.slice(2)}`}.txt`
    await expect(`${names.join('\n')}\n`).toMatchFileSnapshot(file)
  })
})

/** Names that an index exports; throws on `export *` and on a default export. */
function exportedNames(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
  const names: string[] = []
  for (const statement of file.statements) {
    if (ts.isExportAssignment(statement)) throw new Error(`${shown(path)} has a default export`)
    if (ts.isExportDeclaration(statement)) {
      if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) throw new Error(`${shown(path)} exports *`)
      for (const element of statement.exportClause.elements) names.push(`${statement.isTypeOnly || element.isTypeOnly ? 'type ' : ''}${element.name.text}`)
    } else if (ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true) {
      names.push(...declaredNames(statement))
    }
  }
  return names.sort()
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : '?'))
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return [`type ${statement.name.text}`]
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return [statement.name?.text ?? 'default']
  return ['?']
}

describe('the sizes to live by', () => {
  it('keeps every file under 400 lines of code', () => {
    const files = [...filesUnder('packages', /\.(ts|mjs|js)$/), ...filesUnder('examples', /\.(ts|mjs|js)$/)].filter((path) => !/\/test\//.test(path))
    const long = files.map((path) => ({ path: shown(path), lines: codeLines(readFileSync(path, 'utf8')) })).filter(({ lines }) => lines > 400)
    expect(long).toEqual([])
  })
})

const codeLines = (text: string): number => text.split('\n').filter((line) => !/^\s*(\/\/|\/\*|\*|$)/.test(line)).length

describe('the root of the repository', () => {
  it('holds what its owner asked for and what has to stand there', () => {
    const asked = ['package.json', 'pnpm-workspace.yaml', 'turbo.json', 'tsconfig.base.json', 'packages', 'examples', 'README.md', 'pnpm-lock.yaml', 'LICENSE']
    const found = readdirSync(root).filter((name) => !name.startsWith('.') && !['node_modules', 'coverage'].includes(name))
    expect(found.filter((name) => !asked.includes(name))).toEqual([])
    expect(asked.filter((name) => !found.includes(name))).toEqual([])
    expect(existsSync(join(root, '.changeset'))).toBe(true)
  })
})

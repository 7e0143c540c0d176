import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findCycle, packageFault, privatePackages, sessionFault, table } from './ranks.js'
import { filesUnder, importsOf, packages, published, root, shown, targetOf } from './workspace.js'

const scope = '@offhook/'
const sources = packages.flatMap(({ folder }) => filesUnder(`packages/${folder}/src`, /\.ts$/).map((path) => ({ folder, path, imports: importsOf(readFileSync(path, 'utf8')) })))

describe('DESIGN: a package imports only from lower ranks', () => {
  it('lists every package of the repository', () => {
    expect(packages.map(({ folder }) => folder).sort()).toEqual([...Object.keys(table), ...privatePackages].sort())
  })

  it('is a table that goes downhill', () => {
    const uphill = Object.entries(table).flatMap(([from, { rank, may }]) => may.filter((to) => (table[to]?.rank ?? 9) >= rank).map((to) => `${from} → ${to}`))
    // The one pair of equal rank that the table names: the user agent's default adapter.
    expect(uphill).toEqual(['sip-session → sip-transport-websocket'])
    expect(findCycle(new Map(Object.entries(table).map(([from, { may }]) => [from, may])))).toBeUndefined()
  })

  it('is kept by every import, those of types included', () => {
    const faults = sources.flatMap(({ folder, path, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith(scope))
        .flatMap((specifier) => {
          const to = specifier.slice(scope.length).split('/')[0] ?? ''
          const fault = packageFault(folder, to)
          return fault === undefined ? [] : [`${shown(path)} imports ${specifier}: ${fault}`]
        }),
    )
    expect(faults).toEqual([])
  })

  it('is kept by every package.json', () => {
    const faults = published.flatMap(({ folder, manifest }) =>
      Object.keys(manifest.dependencies ?? {})
        .filter((name) => name.startsWith(scope))
        .flatMap((name) => {
          const fault = packageFault(folder, name.slice(scope.length))
          return fault === undefined ? [] : [`${folder} depends on ${name}: ${fault}`]
        }),
    )
    expect(faults).toEqual([])
  })
})

describe('DESIGN: the import graph of files', () => {
  const graph = new Map(sources.map(({ path, imports }) => [shown(path), imports.filter((specifier) => specifier.startsWith('.')).map((specifier) => shown(targetOf(path, specifier)))]))

  it('has no cycle, not even of types', () => {
    expect(findCycle(graph)).toBeUndefined()
  })

  it('stays inside its package', () => {
    const leaving = [...graph].flatMap(([from, to]) => to.filter((path) => !path.startsWith(from.split('/').slice(0, 3).join('/'))).map((path) => `${from} imports ${path}`))
    expect(leaving).toEqual([])
  })

  it('reaches no index from a file beside or below it', () => {
    const faults = [...graph].flatMap(([from, to]) => to.filter((path) => basename(path) === 'index.ts' && dirname(from).startsWith(dirname(path))).map((path) => `${from} imports ${path}`))
    expect(faults).toEqual([])
  })

  it('goes downhill inside sip-session: dialog, then session and its neighbours, then signalling, call and user-agent', () => {
    const home = join('packages', 'sip-session', 'src') + '/'
    const faults = [...graph].flatMap(([from, to]) =>
      from.startsWith(home)
        ? to.flatMap((path) => {
            const fault = path.startsWith(home) ? sessionFault(from.slice(home.length), path.slice(home.length)) : undefined
            return fault === undefined ? [] : [`${from} imports ${path}: ${fault}`]
          })
        : [],
    )
    expect(faults).toEqual([])
  })
})

describe('the rank test itself', () => {
  it('refuses an import that goes uphill, sideways or into a private package', () => {
    expect(packageFault('sip-parser', 'sip-transaction')).toBeDefined()
    expect(packageFault('sip-transaction', 'sip-session')).toBeDefined()
    expect(packageFault('sip-server', 'sip-session')).toBeDefined()
    expect(packageFault('sip-cli', 'tooling')).toBeDefined()
    expect(packageFault('sip-session', 'sip-transaction')).toBeUndefined()
  })

  it('refuses a folder of sip-session that looks up or sideways', () => {
    expect(sessionFault('dialog/dialog.ts', 'session/invite.ts')).toBeDefined()
    expect(sessionFault('session/invite.ts', 'registration/registration.ts')).toBeDefined()
    expect(sessionFault('dialog/dialog.ts', 'index.ts')).toBeDefined()
    expect(sessionFault('call/call.ts', 'session/invite.ts')).toBeUndefined()
    expect(sessionFault('session/invite.ts', 'session-description-handler.ts')).toBeUndefined()
  })

  it('finds a cycle of three, and a file that imports itself', () => {
    expect(findCycle(new Map([['a', ['b']], ['b', ['c']], ['c', ['a']]]))).toEqual(['a', 'b', 'c', 'a'])
    expect(findCycle(new Map([['a', ['a']]]))).toEqual(['a', 'a'])
    expect(findCycle(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]]))).toBeUndefined()
  })

  it('sees imports of types, re-exports and dynamic imports', () => {
    const text = `import type { A } from './a.js'\nexport { type B } from './b.js'\nexport const c = (): Promise<unknown> => import('./c.js')\nexport type D = import('./d.js').D\n`
    expect(importsOf(text).sort()).toEqual(['./a.js', './b.js', './c.js', './d.js'])
  })

  it('reads this repository', () => {
    expect(sources.length).toBeGreaterThan(13)
    expect(root.length).toBeGreaterThan(1)
  })
})

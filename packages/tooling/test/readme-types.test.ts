// README examples type-check, as strictly as the sources.
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readExamples, readmes } from '../readme-examples.mjs'
import { root } from './workspace.js'

const examples = new Map(
  readmes.flatMap((readme) => {
    const path = join(root, readme)
    return readExamples(path).map(({ code, line }, index) => [path.replace('README.md', `README.example-${index}.ts`), { code, name: `${readme}:${line}` }] as const)
  }),
)

/** A compiler that also sees the examples, as files beside their README. */
function createProgram(): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'packages/tooling/tsconfig.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined })
  const options = { ...config?.options, noUnusedLocals: false, lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'], moduleDetection: ts.ModuleDetectionKind.Force }
  const host = ts.createCompilerHost(options)
  host.fileExists = (path) => examples.has(path) || ts.sys.fileExists(path)
  host.readFile = (path) => examples.get(path)?.code ?? ts.sys.readFile(path)
  // An example may install a sibling that its package does not depend on.
  const anchor = join(root, 'packages/conformance/README.example.ts')
  host.resolveModuleNameLiterals = (literals, file, redirect, _, source) =>
    literals.map((literal) => {
      const mode = ts.getModeForUsageLocation(source, literal, options)
      const found = ts.resolveModuleName(literal.text, file, options, host, undefined, redirect, mode)
      return found.resolvedModule !== undefined || !literal.text.startsWith('@offhook/') ? found : ts.resolveModuleName(literal.text, anchor, options, host, undefined, redirect, mode)
    })
  return ts.createProgram([...examples.keys()], options, host)
}

describe('README examples', () => {
  it('type-check', { timeout: 60_000 }, () => {
    const program = createProgram()
    const faults = [...examples].flatMap(([path, { name }]) => {
      const file = program.getSourceFile(path)
      return ts.getPreEmitDiagnostics(program, file).map(({ messageText, start }) => `${name}, line ${(file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1} of it: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
    })
    expect(faults).toEqual([])
  })
})

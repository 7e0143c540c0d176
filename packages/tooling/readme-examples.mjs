// A vite plugin that makes a module of every TypeScript block in README.md and packages/*/README.md, so that tests can run them.
// `virtual:readme-examples/node` and `virtual:readme-examples/browser` export the list; a block marked
// "```ts browser" is for the page, every other "```ts" for Node; "```ts illustration" is not run.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const packages = new URL('../', import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
/** Every README with examples, from the root on. */
export const readmes = ['README.md', ...readdirSync(packages).map((folder) => `packages/${folder}/README.md`)].filter((path) => existsSync(`${root}/${path}`))
const lists = ['node', 'browser'].map((host) => `virtual:readme-examples/${host}`)
// Named like a file beside the README, so that its imports resolve as the package's own would.
const moduleName = /^(.*)\/README\.example-(\d+)\.ts$/

/**
 * The blocks of one README.
 * @param {string} path absolute path of the README
 * @returns {{ host: 'node' | 'browser' | 'illustration', line: number, code: string }[]}
 */
export function readExamples(path) {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/^```ts(?:[ ]+(\w+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    host: match[1] === 'browser' || match[1] === 'illustration' ? match[1] : 'node',
    line: text.slice(0, match.index).split('\n').length + 1,
    code: match[2] ?? '',
  }))
}

/** @returns {{ name: string, module: string }[]} every example of one host, `module` being what to import */
function listExamples(host) {
  return readmes.flatMap((readme) => readExamples(`${root}/${readme}`).flatMap((example, index) =>
    example.host === host
      ? [{ name: `${readme}:${example.line}`, module: `${root}/${readme.replace('README.md', `README.example-${index}.ts`)}` }]
      : [],
  ))
}

export const readmeExamples = () => ({
  name: 'readme-examples',
  enforce: /** @type {const} */ ('pre'),
  async resolveId(id, importer) {
    if (lists.includes(id)) return `\0${id}`
    // Vite may hand the path over from its root on.
    if (moduleName.test(id)) return id.startsWith(root) ? id : `${root}${id}`
    if (importer === undefined || !moduleName.test(importer) || !id.startsWith('@offhook/')) return null
    // An example may install a sibling that its package does not depend on.
    const anchor = fileURLToPath(new URL('conformance/README.md', packages))
    return (await this.resolve(id, importer, { skipSelf: true })) ?? this.resolve(id, anchor, { skipSelf: true })
  },
  load(id) {
    const list = lists.find((name) => id === `\0${name}`)
    if (list !== undefined) {
      const entries = listExamples(list.slice(list.lastIndexOf('/') + 1))
      return `export const examples = [${entries.map(({ name, module }) => `{ name: ${JSON.stringify(name)}, run: () => import(${JSON.stringify(module)}) }`).join(',\n')}]`
    }
    const [, folder, index] = moduleName.exec(id) ?? []
    if (folder === undefined) return null
    return readExamples(`${folder}/README.md`)[Number(index)]?.code ?? null
  },
})

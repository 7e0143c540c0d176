// Bundles the softphone page into dist/page, beside the built command.
import { copyFile, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

await mkdir(here('../dist/page'), { recursive: true })
await build({
  entryPoints: [here('softphone.ts')],
  outdir: here('../dist/page'),
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: ['chrome111', 'firefox121', 'safari17.5'],
  legalComments: 'none',
  logLevel: 'warning',
})
for (const file of ['index.html', 'style.css', 'icon.svg']) await copyFile(here(file), here(`../dist/page/${file}`))

// What a page downloads: bundled and minified by esbuild, compressed by gzip.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** A module with all that a package of ours exports: every entry of its `exports`, together. */
export function everythingOf(name: string): string {
  const { exports } = JSON.parse(readFileSync(new URL(`../../${name}/package.json`, import.meta.url), 'utf8')) as { exports: Record<string, unknown> }
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
  return entries.map((entry) => `export * from '@offhook/${name}${entry.slice(1)}'`).join('\n')
}

export const bundles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'bundle: user agent, calls, registration': {
    offhook: `export { UserAgent } from '@offhook/sip-session'`,
    'sip.js': `export { UserAgent, Inviter, Registerer } from 'sip.js'`,
    jssip: `export { UA } from 'jssip'`,
  },
  'bundle: the same with the browser’s media': {
    offhook: `export { Softphone } from '@offhook/sip-webrtc'`,
    'sip.js': `import { SimpleUser } from 'sip.js/lib/platform/web/index.js'; export { UserAgent, Inviter, Registerer } from 'sip.js'; export { SimpleUser }`,
    jssip: `export { UA } from 'jssip'`,
  },
  'bundle: parser and printer': {
    offhook: `export { parseMessage, serializeMessage } from '@offhook/sip-parser'`,
    'sip.js': `export { Parser } from 'sip.js/lib/core/messages/parser.js'`,
    jssip: `export { parseMessage } from 'jssip/lib/Parser.js'`,
  },
  'bundle: everything sip-parser has': { offhook: everythingOf('sip-parser') },
  'bundle: SDP': { offhook: `export { parseSessionDescription, serializeSessionDescription } from '@offhook/sip-sdp'`, 'sdp-transform': `export { parse, write } from 'sdp-transform'` },
}

/** Bytes after gzip -9 of what a page needs to run this module. `conditions` choose among the exports of packages. */
export async function bundleSize(source: string, conditions: string[] = []): Promise<number> {
  const result = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)), sourcefile: 'entry.js' },
    bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, logLevel: 'silent',
    // A name that two entries export for different things would be left out of both without a word.
    logOverride: { 'ambiguous-reexport': 'error' },
    ...(conditions.length === 0 ? {} : { conditions: [...conditions, 'module'] }),
  })
  return gzipSync(result.outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).byteLength
}

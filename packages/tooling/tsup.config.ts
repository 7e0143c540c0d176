import { defineConfig } from 'tsup'

// One output module per source module: with `sideEffects: false` a consumer's
// bundler then drops whole modules, whatever stands at their top level.
export default defineConfig({
  entry: ['src/**/*.ts'], bundle: false, format: ['esm'], target: 'es2022', platform: 'neutral',
  tsconfig: 'tsconfig.build.json', sourcemap: true, clean: true, silent: true,
})

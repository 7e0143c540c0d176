import { describe, it } from 'vitest'
import { examples } from 'virtual:readme-examples/browser'

describe('README examples for the browser', () => {
  it.each(examples)('$name', { timeout: 15_000 }, async ({ run }) => {
    await run()
  })
})

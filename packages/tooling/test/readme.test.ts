import { describe, expect, it } from 'vitest'
import { examples } from 'virtual:readme-examples/node'

// Each block is run as a reader would paste it: to its end, without an error.
describe('README examples for Node', () => {
  it('exist', () => {
    expect(examples.length).toBeGreaterThan(0)
  })

  it.each(examples)('$name', { timeout: 15_000 }, async ({ run }) => {
    await run()
  })
})

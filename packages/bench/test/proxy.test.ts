import { expect, it } from 'vitest'
import { mix } from '../src/corpus/messages.ts'
import { proxySteps } from '../src/subjects/proxy.ts'

it('changes the same two lines as the floor does, and no other byte', () => {
  const { offhook, 'floor: find two lines': floor } = proxySteps
  for (const bytes of mix().slice(0, 60)) {
    expect(Buffer.from(offhook?.(bytes, 'z9hG4bK1') ?? []).toString('latin1')).toBe(Buffer.from(floor?.(bytes, 'z9hG4bK1') ?? []).toString('latin1'))
  }
})

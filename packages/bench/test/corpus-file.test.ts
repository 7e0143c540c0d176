import { expect, it } from 'vitest'
import { corpusFile } from '../src/corpus/corpus-file.ts'
import { mix } from '../src/corpus/messages.ts'

it('writes each message behind its length, least significant byte first', () => {
  expect([...corpusFile([Uint8Array.of(7, 8), new Uint8Array(0), new Uint8Array(258)])].slice(0, 14)).toEqual([2, 0, 0, 0, 7, 8, 0, 0, 0, 0, 2, 1, 0, 0])
})

it('holds the whole mix, as it can be read back', () => {
  const messages = mix()
  const file = corpusFile(messages)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let at = 0
  for (const message of messages) {
    expect(view.getUint32(at, true)).toBe(message.byteLength)
    expect(Buffer.compare(file.subarray(at + 4, at + 4 + message.byteLength), message)).toBe(0)
    at += 4 + message.byteLength
  }
  expect(at).toBe(file.byteLength)
})

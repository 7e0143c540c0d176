import type { AttributeField } from './attribute-field.js'
import { wordsOf } from './words.js'

/** One of the encodings that a simulcast stream may be. */
export interface SimulcastEncoding {
  /** The `a=rid` it refers to. */
  readonly rid: string
  /** Whether it starts out paused, which is written `~` (RFC 8853 §5.1). */
  readonly paused: boolean
}

/** Simulcast streams in both directions, each a list of alternatives, the preferred one first. */
export interface Simulcast {
  readonly send?: readonly (readonly SimulcastEncoding[])[] | undefined
  readonly recv?: readonly (readonly SimulcastEncoding[])[] | undefined
}

/** `a=simulcast`: several encodings of one source at a time (RFC 8853 §5.1). */
export const simulcast: AttributeField<Simulcast> = {
  name: 'simulcast', section: 'RFC 8853 §5.1',
  read: (value) => {
    const words = wordsOf(value)
    if (words.length !== 2 && words.length !== 4) return undefined
    const found: { send?: readonly (readonly SimulcastEncoding[])[]; recv?: readonly (readonly SimulcastEncoding[])[] } = {}
    for (let index = 0; index < words.length; index += 2) {
      const direction = words[index]
      const streams = streamsOf(words[index + 1] ?? '')
      if (streams === undefined || (direction !== 'send' && direction !== 'recv') || found[direction] !== undefined) return undefined
      found[direction] = streams
    }
    return found
  },
  write: ({ send, recv }) => [...(send === undefined ? [] : [`send ${textOf(send)}`]), ...(recv === undefined ? [] : [`recv ${textOf(recv)}`])].join(' '),
}

function streamsOf(text: string): readonly (readonly SimulcastEncoding[])[] | undefined {
  const streams: SimulcastEncoding[][] = []
  for (const stream of text.split(';')) {
    const alternatives: SimulcastEncoding[] = []
    for (const word of stream.split(',')) {
      const paused = word.startsWith('~')
      const rid = paused ? word.slice(1) : word
      if (!/^[\w-]+$/.test(rid)) return undefined
      alternatives.push({ rid, paused })
    }
    streams.push(alternatives)
  }
  return streams
}

function textOf(streams: readonly (readonly SimulcastEncoding[])[]): string {
  return streams.map((alternatives) => alternatives.map(({ rid, paused }) => (paused ? '~' : '') + rid).join(',')).join(';')
}

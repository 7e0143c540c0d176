import type { Codec } from '../codec.js'
import { parametersOf } from './format-parameters.js'

/** How the `a=fmtp` of one encoding is read and written. Those that nobody names leave a bundle. */
export interface FormatField<T> {
  /** The encodings it belongs to, in lower case. */
  readonly encodings: readonly string[]
  /** Where the parameters are described: `RFC 7587 §6.1`. */
  readonly section: string
  /** What the parameters say, `''` when there are none: what is absent or malformed has its default. Never throws. */
  readonly read: (fmtp: string) => T
  /** The parameters as text; those that are left out are not written. */
  readonly write: (value: Partial<T>) => string
}

/** One parameter: what a text says, undefined where it is absent; and the text for a value, undefined to leave it out. */
export interface Parameter<T> {
  readonly name: string
  readonly read: (text: string | undefined) => T
  readonly write: (value: T) => string | undefined
}

/**
 * What a codec's parameters say, if it is one of the field's encodings.
 *
 * @example readFormat(codec, opus)?.stereo
 */
export function readFormat<T>(codec: Pick<Codec, 'encoding' | 'fmtp'>, field: FormatField<T>): T | undefined {
  return field.encodings.includes(codec.encoding.toLowerCase()) ? field.read(codec.fmtp ?? '') : undefined
}

/** The field of an encoding whose parameters are `name=value` pairs with semicolons between. */
export function formatField<T extends object>(encodings: readonly string[], section: string, shape: { readonly [Name in keyof T]: Parameter<T[Name]> }): FormatField<T> {
  const names = Object.keys(shape) as (keyof T)[]
  return {
    encodings, section,
    read: (fmtp) => {
      const parameters = parametersOf(fmtp)
      const values: Partial<T> = {}
      for (const name of names) values[name] = shape[name].read(parameters.get(shape[name].name))
      return values as T
    },
    write: (value) => names.flatMap((name) => {
      const given = value[name]
      const text = given === undefined ? undefined : shape[name].write(given)
      return text === undefined ? [] : [`${shape[name].name}=${text}`]
    }).join(';'),
  }
}

/** A whole number up to `most`. */
export function whole<T extends number | undefined>(name: string, otherwise: T, most = 9_007_199_254_740_991): Parameter<T | number> {
  return {
    name,
    read: (text) => (text !== undefined && /^\d{1,15}$/.test(text) && Number(text) <= most ? Number(text) : otherwise),
    write: (value) => (value === undefined ? undefined : String(value)),
  }
}

/** `0` or `1`. */
export function bit(name: string, otherwise = false): Parameter<boolean> {
  return { name, read: (text) => (text === '1' ? true : text === '0' ? false : otherwise), write: (value) => (value ? '1' : '0') }
}

/** Whole numbers with commas between; undefined when one of them is none. */
export function wholes(name: string, most: number): Parameter<readonly number[] | undefined> {
  return {
    name,
    read: (text) => {
      const words = text?.split(',') ?? []
      return words.length > 0 && words.every((word) => /^\d{1,9}$/.test(word) && Number(word) <= most) ? words.map(Number) : undefined
    },
    write: (value) => value?.join(','),
  }
}

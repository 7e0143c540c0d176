import { SdpError } from '../sdp-error.js'
import type { Attribute, Section } from '../session-description.js'

/** How the value of one attribute is read and written. Those that nobody names leave a bundle. */
export interface AttributeField<T> {
  /** As in `a=<name>`, case-sensitive (RFC 8866 §6). */
  readonly name: string
  /** Where it is described: `RFC 8285 §5`. */
  readonly section: string
  /** One value, `''` for an attribute without one; undefined when it is malformed. Never throws, and takes time in proportion to the text. */
  readonly read: (value: string) => T | undefined
  /** The value as text, undefined for an attribute without one. */
  readonly write: (value: T) => string | undefined
}

/**
 * The first attribute of that name in this section that can be read; undefined when there is none.
 *
 * @example readAttribute(media, rtcp)?.port
 */
export function readAttribute<T>(section: Section, field: AttributeField<T>): T | undefined {
  for (const { name, value } of section.attributes) {
    if (name !== field.name) continue
    const read = field.read(value ?? '')
    if (read !== undefined) return read
  }
  return undefined
}

/** All attributes of that name in this section that can be read, in order. */
export function readAttributes<T>(section: Section, field: AttributeField<T>): readonly T[] {
  const values: T[] = []
  for (const { name, value } of section.attributes) {
    if (name !== field.name) continue
    const read = field.read(value ?? '')
    if (read !== undefined) values.push(read)
  }
  return values
}

/**
 * The attribute that says this.
 *
 * @example { ...media, attributes: [...media.attributes, writeAttribute(rtcp, { port: 53020 })] }
 * @throws SdpError `invalid-value` when no attribute can say it, as its own reader would not understand it
 */
export function writeAttribute<T>(field: AttributeField<T>, value: T): Attribute {
  const text = field.write(value)
  if ((text !== undefined && /[\r\n\0]/.test(text)) || field.read(text ?? '') === undefined) {
    throw new SdpError('invalid-value', `a=${field.name} cannot say ${JSON.stringify(text ?? '')}`)
  }
  return text === undefined ? { name: field.name } : { name: field.name, value: text }
}

/** An attribute that says all by being there (RFC 8866 §5.13: a property attribute). */
export function flag(name: string, section: string): AttributeField<true> {
  return { name, section, read: () => true, write: () => undefined }
}

/** An attribute that holds one word of the form given. */
export function wordField(name: string, section: string, form: RegExp): AttributeField<string> {
  return {
    name, section,
    read: (value) => {
      const word = value.trim()
      return form.test(word) ? word : undefined
    },
    write: (value) => value,
  }
}

/** An attribute that holds one whole number from `least` to `most`. */
export function numberField(name: string, section: string, least: number, most: number): AttributeField<number> {
  return {
    name, section,
    read: (value) => {
      const text = value.trim()
      const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN
      return number >= least && number <= most ? number : undefined
    },
    write: String,
  }
}

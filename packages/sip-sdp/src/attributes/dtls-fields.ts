import { type AttributeField, wordField } from './attribute-field.js'
import { wordsOf } from './words.js'

/** A certificate's hash: `a=fingerprint` (RFC 8122 §5). */
export interface Fingerprint {
  /** `sha-256`, lower case. */
  readonly algorithm: string
  /** Pairs of hex digits with colons between, upper case. */
  readonly value: string
}

/** `a=fingerprint`: the hash of a certificate (RFC 8122 §5). */
export const fingerprint: AttributeField<Fingerprint> = {
  name: 'fingerprint', section: 'RFC 8122 §5',
  read: (value) => {
    const [algorithm, hash, more] = wordsOf(value)
    if (algorithm === undefined || hash === undefined || more !== undefined || !/^[\dA-Fa-f]{2}(?::[\dA-Fa-f]{2})*$/.test(hash)) return undefined
    return { algorithm: algorithm.toLowerCase(), value: hash.toUpperCase() }
  },
  write: ({ algorithm, value }) => `${algorithm} ${value}`,
}

/** Who opens the connection: `a=setup` (RFC 4145 §4, RFC 8842 §5.2). */
export type Setup = 'active' | 'passive' | 'actpass' | 'holdconn'

/** `a=setup`: who opens the connection (RFC 4145 §4, RFC 8842 §5.2). */
export const setup: AttributeField<Setup> = {
  name: 'setup', section: 'RFC 4145 §4',
  read: (value) => {
    const role = value.trim()
    return role === 'active' || role === 'passive' || role === 'actpass' || role === 'holdconn' ? role : undefined
  },
  write: (role) => role,
}

/** `a=tls-id`: names the DTLS association, and changes with it; 20 to 255 characters (RFC 8842 §4). */
export const tlsId: AttributeField<string> = wordField('tls-id', 'RFC 8842 §4', /^[A-Za-z\d+/_-]{20,255}$/)

/** `a=connection`: whether a connection is to be kept (RFC 4145 §5). */
export const connection: AttributeField<'new' | 'existing'> = {
  name: 'connection', section: 'RFC 4145 §5',
  read: (value) => {
    const text = value.trim()
    return text === 'new' || text === 'existing' ? text : undefined
  },
  write: (value) => value,
}

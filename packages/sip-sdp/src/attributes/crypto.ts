import type { AttributeField } from './attribute-field.js'
import { wholeNumber, wordsOf } from './words.js'

/** One key of an `a=crypto` line. */
export interface CryptoKey {
  /** Master key and salt in base64, as written after `inline:`. */
  readonly keySalt: string
  /** Packets that it may protect, as written: a number or `2^n`. */
  readonly lifetime?: string | undefined
  /** The Master Key Identifier, and its length in octets (1 to 128). */
  readonly mki?: { readonly value: string; readonly length: number } | undefined
}

/** Keys for SRTP in the description itself: one `a=crypto`. Nobody but the two ends may see it. */
export interface Crypto {
  /** 0 to 999999999: the answer names the line that it takes by its tag. */
  readonly tag: number
  /** `AES_CM_128_HMAC_SHA1_80`, `AEAD_AES_128_GCM`… */
  readonly suite: string
  readonly keys: readonly CryptoKey[]
  /** `KDR=n`, `FEC_ORDER=…`, `UNENCRYPTED_SRTP`… as written. */
  readonly sessionParameters: readonly string[]
}

/** `a=crypto`: security descriptions for SRTP (RFC 4568 §9.1, §6.1). */
export const crypto: AttributeField<Crypto> = {
  name: 'crypto', section: 'RFC 4568 §9.1',
  read: (value) => {
    const [tagText, suite, keyText, ...sessionParameters] = wordsOf(value)
    const tag = tagText !== undefined && tagText.length <= 9 ? wholeNumber(tagText, 999_999_999) : undefined
    if (tag === undefined || suite === undefined || !/^\w+$/.test(suite) || keyText === undefined) return undefined
    const keys = keyText.split(';').map(keyOf)
    return keys.every((key) => key !== undefined) ? { tag, suite, keys, sessionParameters } : undefined
  },
  write: ({ tag, suite, keys, sessionParameters }) => [tag, suite, keys.map(textOf).join(';'), ...sessionParameters].join(' '),
}

/** `inline:<key||salt>[|lifetime][|MKI:length]` (RFC 4568 §6.1). */
function keyOf(text: string): CryptoKey | undefined {
  if (!/^inline:/i.test(text)) return undefined
  const [keySalt = '', ...options] = text.slice(7).split('|')
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(keySalt) || options.length > 2) return undefined
  let lifetime: string | undefined
  let mki: CryptoKey['mki']
  for (const option of options) {
    const colon = option.indexOf(':')
    if (colon === -1) {
      if (lifetime !== undefined || mki !== undefined || !/^(?:2\^)?\d{1,20}$/.test(option)) return undefined
      lifetime = option
      continue
    }
    const length = wholeNumber(option.slice(colon + 1), 128)
    const number = option.slice(0, colon)
    if (mki !== undefined || length === undefined || length === 0 || !/^\d{1,320}$/.test(number)) return undefined
    mki = { value: number, length }
  }
  return { keySalt, lifetime, mki }
}

function textOf({ keySalt, lifetime, mki }: CryptoKey): string {
  return `inline:${keySalt}${lifetime === undefined ? '' : `|${lifetime}`}${mki === undefined ? '' : `|${mki.value}:${mki.length}`}`
}

/** Parameters that take encryption or authentication away (RFC 4568 §6.3.2, §6.3.3). */
const WEAKENING: ReadonlySet<string> = new Set(['UNENCRYPTED_SRTP', 'UNENCRYPTED_SRTCP', 'UNAUTHENTICATED_SRTP'])

/** Whether what the line agrees to is encrypted and authenticated: no parameter takes that away, and the suite is not one without a cipher. */
export function protects({ suite, sessionParameters }: Crypto): boolean {
  return !sessionParameters.some((parameter) => WEAKENING.has(parameter.toUpperCase())) && !/(?:^|_)NULL(?:_|$)/i.test(suite)
}

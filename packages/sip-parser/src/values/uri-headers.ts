import { unescape } from '../escapes.js'

/** The header fields of a URI, behind its `?`, without escapes (RFC 3261 §19.1.1). */
export function splitHeaders(headers: string): [name: string, value: string][] {
  return headers.split('&').filter((part) => part !== '').map((part) => {
    const [name = '', ...value] = part.split('=')
    return [unescape(name), unescape(value.join('='))]
  })
}

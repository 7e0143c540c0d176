import { legible } from '@offhook/sip-parser'
import type { SipMessage } from '@offhook/sip-parser'
import { bodyOf, readBody, unsupportedBody } from '@offhook/sip-parser/multipart'
import type { BodyPart } from '@offhook/sip-parser/multipart'
import type { Extension } from '../call/extension.js'

/** What is to be understood within a multipart body. */
export interface MultipartBodiesOptions {
  /** Types of parts that the application reads besides SDP, in lower case: a part of another type that must be understood is 415. */
  readonly understands?: readonly string[]
}

/** What {@link multipartBodies} gives. */
export interface MultipartBodies extends Extension {
  /** All of what came as a multipart body; its session description alone is left in the message. */
  of(message: SipMessage): BodyPart | undefined
}

const SDP = 'application/sdp'

/**
 * Takes offers and answers that come within a multipart body (RFC 5621): beside a location (RFC 6442), an ISUP message
 * (RFC 3204), or an alternative.
 */
export function multipartBodies({ understands = [] }: MultipartBodiesOptions = {}): MultipartBodies {
  const whole = new WeakMap<SipMessage, BodyPart>()
  return {
    accept: ['multipart/mixed', 'multipart/related', 'multipart/alternative', ...understands],
    heard(message) {
      if (!isMultipart(message)) return
      const body = readBody(message)
      if (!body.ok) return
      whole.set(message, body.value)
      const strange = unsupportedBody(message, ({ contentType: { essence } }) => essence === SDP || understands.includes(essence))
      const description = strange === undefined ? legible(() => bodyOf(message, SDP)) : undefined
      if (description === undefined) return
      message.headers.set('Content-Type', description.contentType.toString())
      message.headers.delete('Content-Disposition')
      message.body = description.body
    },
    of: (message) => whole.get(message),
  }
}

function isMultipart({ headers, body }: SipMessage): boolean {
  return body.length > 0 && /^\s*multipart\//i.test(headers.get('Content-Type') ?? '')
}

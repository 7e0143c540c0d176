import { StreamFramer } from '@offhook/sip-parser'

/** The octets of one message, and where they start in the file. */
export interface MessagePart {
  readonly octets: Uint8Array
  readonly offset: number
}

/**
 * The messages of a stream that a file holds (RFC 3261 §18.3), CRLFs between them passed over. What cannot be framed, or is not whole,
 * comes as the last part.
 */
export function splitMessages(file: Uint8Array): readonly MessagePart[] {
  const parts: MessagePart[] = []
  const limits = { maxMessageBytes: file.length, maxHeaderBytes: file.length, maxBodyBytes: file.length }
  let at = 0
  for (const item of new StreamFramer(limits).push(file)) {
    if (item.type === 'error') break
    if (item.type !== 'message') continue
    at = skipLineEnds(file, at)
    parts.push({ octets: file.subarray(at, at + item.bytes.length), offset: at })
    at += item.bytes.length
  }
  at = skipLineEnds(file, at)
  if (at < file.length || parts.length === 0) parts.push({ octets: file.subarray(at), offset: at })
  return parts
}

function skipLineEnds(file: Uint8Array, from: number): number {
  let at = from
  while (file[at] === 13 || file[at] === 10) at++
  return at
}

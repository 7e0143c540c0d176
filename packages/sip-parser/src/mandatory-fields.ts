import { skipBlanks, trimEnd } from './characters.js'
import { ParseError } from './errors.js'
import { type FieldIndex, PLACE } from './field-index.js'
import { CALL_ID, CSEQ, FROM, TO, VIA } from './header-names.js'
import { slice, type Source } from './octets.js'
import { CSeq } from './values/cseq.js'
import { NameAddr } from './values/name-addr.js'
import { Via } from './values/via.js'

/**
 * The short way to what every message must have (RFC 3261 §8.1.1): number and value of each, as `HeaderFields` keeps them.
 * undefined when one is missing, folded, listed or cannot be read: then the long way finds out more.
 */
export function readMandatory(source: Source, { places }: FieldIndex): unknown[] | undefined {
  const { bytes, text } = source
  let via = -1
  let from = -1
  let to = -1
  let callId = -1
  let cseq = -1
  for (let at = 0; at < places.length; at += PLACE) {
    switch (places[at]) {
      case VIA: if (via < 0) via = at; break
      case FROM: from = at; break
      case TO: to = at; break
      case CALL_ID: callId = at; break
      case CSEQ: cseq = at; break
      default:
    }
  }
  if (via < 0 || from < 0 || to < 0 || callId < 0 || cseq < 0) return undefined
  try {
    const topVia = startAt(via)
    const topViaEnd = endAt(via)
    if (text.slice(topVia, topViaEnd).includes(',')) return undefined
    const id = slice(source, startAt(callId), endAt(callId))
    return id === '' ? undefined : [
      VIA, Via.read(source, topVia, topViaEnd), FROM, NameAddr.readParty(source, startAt(from), endAt(from)), TO, NameAddr.readParty(source, startAt(to), endAt(to)),
      CALL_ID, id, CSEQ, CSeq.read(source, startAt(cseq), endAt(cseq)),
    ]
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }

  function startAt(at: number): number {
    return skipBlanks(bytes, (places[at + 2] ?? 0) + 1, places[at + 3] ?? 0)
  }
  function endAt(at: number): number {
    return trimEnd(bytes, places[at + 2] ?? 0, places[at + 3] ?? 0)
  }
}

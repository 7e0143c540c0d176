import { type AttributeField, wordField } from './attribute-field.js'
import { headOf, nonBlank, sourceOf, token, wordsOf } from './words.js'

/** Which `MediaStream` a track belongs to: one `a=msid`. */
export interface MediaStreamId {
  /** `-` when the track is in no stream. */
  readonly stream: string
  readonly track?: string | undefined
}

/** `a=msid`: the stream and the track of an `m=` section (RFC 8830 §2). */
export const msid: AttributeField<MediaStreamId> = {
  name: 'msid', section: 'RFC 8830 §2',
  read: (value) => {
    const [stream, track, more] = wordsOf(value)
    return stream === undefined || !token.test(stream) || (track !== undefined && !token.test(track)) || more !== undefined ? undefined : { stream, track }
  },
  write: ({ stream, track }) => (track === undefined ? stream : `${stream} ${track}`),
}

/** What is said about one source: one `a=ssrc`. */
export interface SourceAttribute {
  /** The SSRC, 32 bits. */
  readonly ssrc: number
  /** `cname`, `msid`, `previous-ssrc`… */
  readonly attribute: string
  readonly value?: string | undefined
}

/** `a=ssrc`: an attribute of one source (RFC 5576 §4.1). */
export const ssrc: AttributeField<SourceAttribute> = {
  name: 'ssrc', section: 'RFC 5576 §4.1',
  read: (value) => {
    const [head, rest] = headOf(value)
    const source = sourceOf(head)
    const colon = rest.indexOf(':')
    const attribute = colon === -1 ? rest : rest.slice(0, colon)
    if (source === undefined || !token.test(attribute)) return undefined
    return { ssrc: source, attribute, value: colon === -1 ? undefined : rest.slice(colon + 1) }
  },
  write: ({ ssrc: source, attribute, value }) => `${source} ${attribute}${value === undefined ? '' : `:${value}`}`,
}

/** Sources that belong together: one `a=ssrc-group`. */
export interface SourceGroup {
  /** `FID`, `FEC`, `FEC-FR`, `SIM`… */
  readonly semantics: string
  readonly ssrcs: readonly number[]
}

/** `a=ssrc-group`: sources that belong together (RFC 5576 §4.2). */
export const ssrcGroup: AttributeField<SourceGroup> = {
  name: 'ssrc-group', section: 'RFC 5576 §4.2',
  read: (value) => {
    const [semantics, ...sources] = wordsOf(value)
    const ssrcs = sources.map(sourceOf)
    return semantics !== undefined && token.test(semantics) && ssrcs.every((source) => source !== undefined) ? { semantics, ssrcs } : undefined
  },
  write: ({ semantics, ssrcs }) => [semantics, ...ssrcs].join(' '),
}

/** Streams that belong together: one `a=group`. */
export interface StreamGroup {
  /** `BUNDLE`, `LS`, `FID`… */
  readonly semantics: string
  /** The `a=mid` of each. */
  readonly mids: readonly string[]
}

/** `a=group`, of a session: streams that belong together (RFC 5888 §5; `BUNDLE` is RFC 9143). */
export const group: AttributeField<StreamGroup> = {
  name: 'group', section: 'RFC 5888 §5',
  read: (value) => {
    const [semantics, ...mids] = wordsOf(value)
    return semantics !== undefined && token.test(semantics) && mids.every((mid) => token.test(mid)) ? { semantics, mids } : undefined
  },
  write: ({ semantics, mids }) => [semantics, ...mids].join(' '),
}

/** `a=mid`: the name of a stream within its session (RFC 5888 §4). */
export const mid: AttributeField<string> = wordField('mid', 'RFC 5888 §4', token)

/** `a=label`: a pointer to the stream for use outside of the description (RFC 4574 §4). */
export const label: AttributeField<string> = wordField('label', 'RFC 4574 §4', nonBlank)

/** `a=content`: what a stream shows, as `slides`, `speaker`, `sl`, `main`, `alt` (RFC 4796 §5). */
export const content: AttributeField<readonly string[]> = {
  name: 'content', section: 'RFC 4796 §5',
  read: (value) => {
    const kinds = value.trim().split(',')
    return kinds.every((kind) => token.test(kind)) ? kinds : undefined
  },
  write: (kinds) => kinds.join(','),
}

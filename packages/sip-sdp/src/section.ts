import type { Connection, MediaDescription, Section, SessionDescription } from './session-description.js'

/** The value of the first attribute of that name, `''` for one without a value, undefined when there is none. Names are case-sensitive (RFC 8866 §6). */
export function attributeOf(section: Section, name: string): string | undefined {
  for (const attribute of section.attributes) if (attribute.name === name) return attribute.value ?? ''
  return undefined
}

/** The values of all attributes of that name, in order. */
export function attributesOf(section: Section, name: string): readonly string[] {
  const values: string[] = []
  for (const attribute of section.attributes) if (attribute.name === name) values.push(attribute.value ?? '')
  return values
}

/** The stream's own `c=`, else the session's (RFC 8866 §5.7). */
export function connectionOf(media: MediaDescription, session?: SessionDescription): Connection | undefined {
  return media.connection ?? session?.connection
}

/** Milliseconds of media in a packet that the writer wishes to get: `a=ptime` (RFC 8866 §6.4). */
export function ptimeOf(media: MediaDescription): number | undefined {
  const text = attributeOf(media, 'ptime')?.trim()
  const value = text === undefined || text === '' ? NaN : Number(text)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

/** Whether RTP and RTCP may share a port: `a=rtcp-mux` (RFC 5761 §5.1.1). */
export function rtcpMux(media: MediaDescription): boolean {
  return attributeOf(media, 'rtcp-mux') !== undefined
}

/** The stream's name: `a=mid` (RFC 5888 §4). */
export function midOf(media: MediaDescription): string | undefined {
  return attributeOf(media, 'mid')
}

/** One `a=group` line. */
export interface MediaGroup {
  /** `BUNDLE`, `LS`, `FID`… */
  readonly semantics: string
  readonly mids: readonly string[]
}

/** The groups of streams, in order (RFC 5888 §5, RFC 9143). */
export function groupsOf(session: SessionDescription): readonly MediaGroup[] {
  return attributesOf(session, 'group').map((value) => {
    const [semantics = '', ...mids] = value.split(' ').filter((word) => word !== '')
    return { semantics, mids }
  })
}

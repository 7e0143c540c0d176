// A browser's offer of 5.9 KB: read, print, both.
import { attributesOf, codecsOf, parseSessionDescription, serializeSessionDescription, type SessionDescription } from '@offhook/sip-sdp'
import transform from 'sdp-transform'
import { offers } from '../corpus/descriptions.ts'
import type { Group, Operation, Subject } from '../subject.ts'

function read(text: string): SessionDescription {
  const result = parseSessionDescription(text)
  if (!result.ok) throw result.error
  // sdp-transform types codecs, candidates and extensions as it reads; ask for the same here.
  for (const media of result.value.media) {
    codecsOf(media)
    attributesOf(media, 'candidate')
    attributesOf(media, 'extmap')
  }
  return result.value
}

function subject<T>(system: string, prepare: (text: string) => T, work: (prepared: T) => number): Subject {
  return {
    system,
    prepare: (): Operation => {
      const prepared = offers().map(prepare)
      let next = 0
      let total = 0
      return (count) => {
        for (let done = 0; done < count; done += 1) {
          total += work(prepared[next] as T)
          next = (next + 1) % prepared.length
        }
        if (total < 0) throw new RangeError('unused')
      }
    },
  }
}

/** What is compared between the systems: how much each of them read of every stream. */
export interface StreamSummary {
  readonly port: number
  readonly codecs: number
  readonly candidates: number
  readonly extensions: number
}

/** System → reader of a description. */
export const descriptionReaders: Readonly<Record<'offhook' | 'sdp-transform', (text: string) => readonly StreamSummary[]>> = {
  offhook: (text) => read(text).media.map((media) => ({
    port: media.port, codecs: codecsOf(media).length, candidates: attributesOf(media, 'candidate').length, extensions: attributesOf(media, 'extmap').length,
  })),
  'sdp-transform': (text) => transform.parse(text).media.map(({ port, rtp, candidates = [], ext = [] }) => ({ port, codecs: rtp.length, candidates: candidates.length, extensions: ext.length })),
}

const same = (text: string): string => text

export const group: Group = {
  'SDP parse': [subject('offhook', same, (text) => read(text).media.length), subject('sdp-transform', same, (text) => Object.keys(transform.parse(text)).length)],
  'SDP print': [subject('offhook', read, (description) => serializeSessionDescription(description).length), subject('sdp-transform', transform.parse, (description) => transform.write(description).length)],
  'SDP parse + print': [
    subject('offhook', same, (text) => serializeSessionDescription(read(text)).length),
    subject('sdp-transform', same, (text) => transform.write(transform.parse(text)).length),
  ],
}

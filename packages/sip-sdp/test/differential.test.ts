import { readFileSync } from 'node:fs'
import transform, { type ParsedDescription, type ParsedMedia } from 'sdp-transform'
import { describe, expect, it } from 'vitest'
import { offers } from '../../bench/src/corpus/descriptions.ts'
import { extmap, fmtp, group, mid, msid, ptime, readAttribute, readAttributes, rid, rtcp, rtcpFb, rtcpMux, rtpmap, sctpPort, ssrc, ssrcGroup } from '../src/attributes/index.js'
import { directionOf, fingerprintOf, icePartsOf, type MediaDescription, serializeSessionDescription, type SessionDescription, setupOf } from '../src/index.js'
import { read } from './read.js'
import { descriptionsIn, rfcText } from './rfc-examples.js'

const text = (value: string | number | undefined): string | undefined => (value === undefined ? undefined : String(value))

/** What both say of a stream, in one form. */
function ours(media: MediaDescription, session: SessionDescription): unknown {
  const ice = icePartsOf(media, session)
  const print = fingerprintOf(media, session)
  const rtcpAddress = readAttribute(media, rtcp)
  return {
    kind: media.kind, port: media.port, protocol: media.protocol, formats: media.formats.join(' '), mid: readAttribute(media, mid), ptime: readAttribute(media, ptime),
    address: media.connection?.address, muxed: readAttribute(media, rtcpMux) === true, rtcp: rtcpAddress === undefined ? undefined : [rtcpAddress.port, rtcpAddress.connection?.address],
    direction: directionOf({ ...media, connection: { networkType: 'IN', addressType: 'IP4', address: '192.0.2.1' } }, session), ufrag: ice.ufrag, pwd: ice.pwd, fingerprint: print === undefined ? undefined : `${print.algorithm} ${print.value}`, setup: setupOf(media, session),
    msid: readAttributes(media, msid).map(({ stream, track }) => (track === undefined ? stream : `${stream} ${track}`))[0], sctpPort: readAttribute(media, sctpPort),
    rtpmaps: readAttributes(media, rtpmap).map(({ payloadType, encoding, clockRate, channels }) => [payloadType, encoding, clockRate, channels]),
    fmtps: readAttributes(media, fmtp).map(({ format, parameters }) => [format, parameters]),
    feedback: readAttributes(media, rtcpFb).map(({ payloadType, kind, parameters }) => [String(payloadType), kind, parameters]),
    extensions: readAttributes(media, extmap).map(({ id, direction, uri }) => [id, direction, uri]),
    candidates: ice.candidates.map(({ foundation, component, transport, priority, address, port, type, relatedAddress, relatedPort, tcpType }) => [foundation, component, transport, priority, address, port, type, relatedAddress, relatedPort, tcpType]),
    sources: readAttributes(media, ssrc).map(({ ssrc: id, attribute, value }) => [String(id), attribute, value]),
    sourceGroups: readAttributes(media, ssrcGroup).map(({ semantics, ssrcs }) => [semantics, ssrcs.join(' ')]),
    rids: readAttributes(media, rid).map(({ id, direction }) => [id, direction]),
  }
}

function theirs(media: ParsedMedia, session: ParsedDescription): unknown {
  const print = media.fingerprint ?? session.fingerprint
  return {
    kind: media.type, port: media.port, protocol: media.protocol, formats: String(media.payloads ?? ''), mid: text(media.mid), ptime: media.ptime,
    address: media.connection?.ip, muxed: media.rtcpMux !== undefined, rtcp: media.rtcp === undefined ? undefined : [media.rtcp.port, media.rtcp.address],
    direction: media.direction ?? session.direction ?? 'sendrecv', ufrag: text(media.iceUfrag ?? session.iceUfrag), pwd: text(media.icePwd ?? session.icePwd), fingerprint: print === undefined ? undefined : `${print.type} ${print.hash}`, setup: media.setup ?? session.setup,
    msid: (media.msid ?? []).map(({ id, appdata }) => (appdata === undefined ? id : `${id} ${appdata}`))[0], sctpPort: media.sctpPort,
    rtpmaps: media.rtp.map(({ payload, codec, rate, encoding }) => [payload, String(codec), rate, Number(encoding ?? 1)]),
    fmtps: media.fmtp.map(({ payload, config }) => [String(payload), config]),
    feedback: (media.rtcpFb ?? []).map(({ payload, type, subtype }) => [String(payload), type, subtype]),
    extensions: (media.ext ?? []).map(({ value, direction, uri }) => [value, direction, uri]),
    candidates: (media.candidates ?? []).map(({ foundation, component, transport, priority, ip, port, type, raddr, rport, tcptype }) => [String(foundation), component, transport.toLowerCase(), Number(priority), ip, port, type, raddr, rport, tcptype]),
    sources: (media.ssrcs ?? []).map(({ id, attribute, value }) => [String(id), attribute, value]),
    sourceGroups: (media.ssrcGroups ?? []).map(({ semantics, ssrcs }) => [semantics, ssrcs]),
    rids: (media.rids ?? []).map(({ id, direction }) => [String(id), direction]),
  }
}

function compare(description: string): void {
  const [own, other] = [read(description), transform.parse(description)]
  expect(own.name).toBe(String(other.name))
  expect(own.origin.username).toBe(String(other.origin.username))
  expect(Number(own.origin.sessionVersion)).toBe(other.origin.sessionVersion)
  expect(own.origin.address).toBe(other.origin.address)
  expect(readAttributes(own, group).map(({ semantics, mids }) => [semantics, mids.join(' ')])).toEqual((other.groups ?? []).map(({ type, mids }) => [type, String(mids)]))
  expect(own.media.map((media) => ours(media, own))).toEqual(other.media.map((media) => theirs(media, other)))
  // What we print says the same to it as what came.
  expect(transform.parse(serializeSessionDescription(own))).toEqual(other)
}

describe('sdp-transform reads the same', () => {
  it.each(['chrome-156', 'firefox-153'])('of %s', (name) => {
    // It knows no braces in an a=msid, which RFC 8830 §2 allows.
    compare(readFileSync(new URL(`corpus/${name}.sdp`, import.meta.url), 'utf8').replace(/[{}]/g, ''))
  })

  it('of the offers that are measured', () => {
    for (const offer of offers()) compare(offer)
  })

  const printed = [8866, 4317, 3264].map((number) => [number, descriptionsIn(rfcText(number) ?? '').filter((one) => one.includes('\no=') && one.includes('\nt='))] as const)
  it.each(printed)('of what RFC %i prints', (_, descriptions) => {
    for (const description of descriptions) compare(description)
  })
  if (rfcText(8866) === undefined) console.log('skipped: the folder with the RFCs is not there')
})


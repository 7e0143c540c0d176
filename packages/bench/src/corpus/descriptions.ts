// Offers as a browser writes them: one audio and one video section, candidates, codecs, extensions. About 5.9 KB.
import { seededWords, type Words } from './words.ts'

const audio = ['111 opus/48000/2', '63 red/48000/2', '9 G722/8000', '0 PCMU/8000', '8 PCMA/8000', '13 CN/8000', '110 telephone-event/48000', '126 telephone-event/8000']
const video = ['VP8', 'VP9', 'H264', 'AV1', 'H264', 'H264', 'VP9', 'H265', 'H264', 'H264']
const extensions = [
  'urn:ietf:params:rtp-hdrext:toffset', 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', 'urn:3gpp:video-orientation',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'http://www.webrtc.org/experiments/rtp-hdrext/video-content-type', 'http://www.webrtc.org/experiments/rtp-hdrext/video-timing',
  'urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
]

interface Shared {
  readonly host: string
  readonly stream: string
  readonly ufrag: string
  readonly pwd: string
  readonly fingerprint: string
}

const candidate = (words: Words, host: string, index: number): string =>
  `a=candidate:${words.integer(1e8, 4e9)} 1 ${index % 3 === 2 ? 'tcp' : 'udp'} ${2122260223 - index * 65536} ${host} ${words.integer(10_000, 60_000)} typ host${index % 3 === 2 ? ' tcptype active' : ''} generation 0 network-id ${index + 1}`

const transport = (words: Words, mid: number, { host, ufrag, pwd, fingerprint }: Shared): string[] => [
  `c=IN IP4 ${host}`, 'a=rtcp:9 IN IP4 0.0.0.0', ...Array.from({ length: 4 }, (_, index) => candidate(words, host, index)),
  `a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, 'a=ice-options:trickle', `a=fingerprint:sha-256 ${fingerprint}`, 'a=setup:actpass', `a=mid:${mid}`,
]

function videoCodecs(words: Words): { types: number[]; lines: string[] } {
  const types: number[] = []
  const lines: string[] = []
  video.forEach((codec, index) => {
    const type = 96 + index * 2
    types.push(type, type + 1)
    lines.push(`a=rtpmap:${type} ${codec}/90000`, `a=rtcp-fb:${type} goog-remb`, `a=rtcp-fb:${type} transport-cc`, `a=rtcp-fb:${type} ccm fir`, `a=rtcp-fb:${type} nack`, `a=rtcp-fb:${type} nack pli`)
    if (codec === 'H264') lines.push(`a=fmtp:${type} level-asymmetry-allowed=1;packetization-mode=${index % 2};profile-level-id=${words.pick(['42001f', '42e01f', '4d001f', '64001f'])}`)
    if (codec === 'VP9') lines.push(`a=fmtp:${type} profile-id=${index % 3}`)
    lines.push(`a=rtpmap:${type + 1} rtx/90000`, `a=fmtp:${type + 1} apt=${type}`)
  })
  return { types, lines }
}

function write(words: Words): string {
  const shared: Shared = {
    host: `192.0.2.${words.integer(1, 255)}`, stream: words.hex(36), ufrag: words.hex(4), pwd: words.hex(24),
    fingerprint: Array.from({ length: 32 }, () => words.hex(2).toUpperCase()).join(':'),
  }
  const { types, lines } = videoCodecs(words)
  const [first, second] = [words.integer(1e8, 4e9), words.integer(1e8, 4e9)]
  const cname = words.hex(16)
  return [
    'v=0', `o=- ${words.integer(1e15, 9e15)} 2 IN IP4 127.0.0.1`, 's=-', 't=0 0', 'a=group:BUNDLE 0 1', 'a=extmap-allow-mixed', `a=msid-semantic: WMS ${shared.stream}`,
    `m=audio ${words.integer(10_000, 60_000)} UDP/TLS/RTP/SAVPF ${audio.map((line) => line.split(' ')[0]).join(' ')}`, ...transport(words, 0, shared),
    ...extensions.slice(0, 5).map((uri, index) => `a=extmap:${index + 1} ${uri}`), 'a=sendrecv', `a=msid:${shared.stream} ${words.hex(36)}`, 'a=rtcp-mux', 'a=rtcp-rsize',
    ...audio.map((line) => `a=rtpmap:${line}`), 'a=rtcp-fb:111 transport-cc', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=fmtp:63 111/111', `a=ssrc:${first} cname:${cname}`, `a=ssrc:${first} msid:${shared.stream} ${words.hex(36)}`,
    `m=video ${words.integer(10_000, 60_000)} UDP/TLS/RTP/SAVPF ${types.join(' ')}`, ...transport(words, 1, shared),
    ...extensions.map((uri, index) => `a=extmap:${index + 14} ${uri}`), 'a=sendrecv', `a=msid:${shared.stream} ${words.hex(36)}`, 'a=rtcp-mux', 'a=rtcp-rsize', ...lines,
    `a=ssrc-group:FID ${first + 1} ${second}`, ...[first + 1, second].flatMap((ssrc) => [`a=ssrc:${ssrc} cname:${cname}`, `a=ssrc:${ssrc} msid:${shared.stream} ${shared.stream}`]), '',
  ].join('\r\n')
}

/** 64 variants. */
export const offers = (): string[] => {
  const words = seededWords(77)
  return Array.from({ length: 64 }, () => write(words))
}

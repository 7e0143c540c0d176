import type { Description, SessionDescriptionHandler } from '@offhook/sip-session'

let version = 0

const describe = (direction: string): Description => ({
  contentType: 'application/sdp',
  body: `v=0\r\no=- 7 ${++version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=${direction}\r\n`,
})

/** Media that only signal: hold is a direction. */
export const signallingMedia = (): SessionDescriptionHandler => ({
  createOffer: ({ hold }) => Promise.resolve(describe(hold === true ? 'sendonly' : 'sendrecv')),
  answerOffer: () => Promise.resolve(describe('sendrecv')),
  applyAnswer: () => Promise.resolve(),
  rollback: () => Promise.resolve(),
  remoteHold: false,
  mute: () => undefined,
  dtmf: () => Promise.resolve(false),
  close: () => undefined,
})

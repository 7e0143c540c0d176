// jssip's UA on two joined sockets, with a peer connection that does nothing.
import JsSIP, { type JsSipSession } from 'jssip'
import { answer, offer, wire, type CallMaker, type Established } from './call-maker.ts'

class FakePeerConnection {
  readonly iceGatheringState = 'complete'
  readonly iceConnectionState = 'connected'
  signalingState = 'stable'
  localDescription: { type: string; sdp: string } | undefined
  addEventListener(): void {}
  removeEventListener(): void {}
  createOffer(): Promise<object> {
    return Promise.resolve({ type: 'offer', sdp: offer })
  }
  createAnswer(): Promise<object> {
    return Promise.resolve({ type: 'answer', sdp: answer })
  }
  setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description
    return Promise.resolve()
  }
  setRemoteDescription(): Promise<void> {
    return Promise.resolve()
  }
  close(): void {
    this.signalingState = 'closed'
  }
}

class FakeDescription {
  readonly type: string
  readonly sdp: string
  constructor({ type, sdp }: { type: string; sdp: string }) {
    this.type = type
    this.sdp = sdp
  }
}

/** A socket whose `send` reaches the other one's `ondata`. */
class JoinedSocket {
  readonly via_transport = 'WS'
  readonly url = 'ws://192.0.2.1'
  readonly sip_uri = 'sip:192.0.2.1;transport=ws'
  other: JoinedSocket | undefined
  onconnect: () => void = () => undefined
  ondisconnect: () => void = () => undefined
  ondata: (data: string) => void = () => undefined
  readonly #wire = wire((text) => this.other?.ondata(text))
  connect(): void {
    queueMicrotask(() => this.onconnect())
  }
  disconnect(): void {}
  isConnected(): boolean {
    return true
  }
  send(data: string | { toString(): string }): boolean {
    this.#wire(data.toString())
    return true
  }
}

const media = { mediaConstraints: { audio: false, video: false } }

export async function jssip(): Promise<CallMaker> {
  Object.assign(globalThis, { window: globalThis, RTCPeerConnection: FakePeerConnection, RTCSessionDescription: FakeDescription })
  const [near, far] = [new JoinedSocket(), new JoinedSocket()]
  near.other = far
  far.other = near
  const agents = [near, far].map((socket, index) => new JsSIP.UA({ sockets: [socket], uri: `sip:${index === 0 ? 'alice' : 'bob'}@example.com`, register: false, session_timers: false }))
  await Promise.all(agents.map((agent) => new Promise<void>((resolve) => {
    agent.on('connected', () => resolve())
    agent.start()
  })))
  const [alice, bob] = agents as [(typeof agents)[0], (typeof agents)[0]]
  let arrived: ((session: JsSipSession) => void) | undefined
  bob.on('newRTCSession', ({ session }) => {
    arrived?.(session)
    session.answer(media)
  })
  return {
    place: () => new Promise<Established>((resolve) => {
      let waiting = 2
      let callee: JsSipSession | undefined
      const up = (): void => {
        if (--waiting === 0 && callee !== undefined) resolve(established(caller, callee))
      }
      arrived = (session) => {
        callee = session
        session.on('confirmed', up)
      }
      // jssip sends from a later turn, so nothing arrives before `caller` is known.
      const caller = alice.call('sip:bob@example.com', media)
      caller.on('confirmed', up)
    }),
    close: () => undefined,
  }
}

const established = (caller: JsSipSession, callee: JsSipSession): Established => ({
  hangUp: () => new Promise((resolve) => {
    let waiting = 2
    const down = (): void => {
      if (--waiting === 0) resolve()
    }
    caller.on('ended', down)
    callee.on('ended', down)
    caller.terminate()
  }),
})

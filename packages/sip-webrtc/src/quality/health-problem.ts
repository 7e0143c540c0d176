import type { QualityReport } from './quality-report.js'

/** What can be wrong with a call that stands, as a word to switch on. */
export type HealthProblemName = 'no-audio-in' | 'no-audio-out' | 'one-way' | 'ice-failed' | 'path-lost' | 'poor-quality' | 'muted-by-system'

/** Something that is wrong, or was. */
export interface HealthProblem {
  readonly name: HealthProblemName
  /** A sentence for the user: what it is and what can be done. */
  readonly description: string
  /** Milliseconds since the call's media began. */
  readonly since: number
  /** When it was over; undefined while it lasts. */
  readonly until: number | undefined
}

/** What the conditions look at. */
export interface HealthView {
  readonly report: QualityReport | undefined
  /** Whether sound of the peer is to be expected: agreed on, and nobody holds. */
  readonly expectsIn: boolean
  /** Whether sound of ours is to be sent: agreed on, neither held nor muted by the user. */
  readonly expectsOut: boolean
  readonly connectionState: RTCPeerConnectionState
  readonly iceState: RTCIceConnectionState
  /** Whether the system, not the user, has silenced the microphone, or it is gone. */
  readonly microphone: 'live' | 'muted' | 'ended' | 'none'
}

/** One thing that can be wrong. */
export interface HealthCondition {
  readonly name: HealthProblemName
  /** How many reports in a row have to say so before anybody is told, and as many that it is over. */
  readonly patience: number
  /** The sentence, when it is so. */
  readonly describe: (view: HealthView, limits: HealthLimits) => string | undefined
}

/** Where good ends. */
export interface HealthLimits {
  /** Opinion score below which the quality is poor. */
  readonly mos: number
}

const comes = ({ report }: HealthView): boolean => (report?.audioIn?.newPackets ?? 0) > 0
const goes = ({ report }: HealthView): boolean => (report?.audioOut?.newPackets ?? 0) > 0
const isConnected = ({ connectionState }: HealthView): boolean => connectionState === 'connected'

/** Every problem and when it is one. A call that is not connected has one problem, not four. */
export const HEALTH_CONDITIONS: readonly HealthCondition[] = [
  {
    name: 'ice-failed', patience: 1,
    describe: ({ iceState, connectionState }) =>
      iceState === 'failed' || connectionState === 'failed' ? 'No way through the network to the other side was found, or it is gone: a relay (TURN server) or another network may help' : undefined,
  },
  {
    // Consent to send has not been renewed for some seconds (RFC 7675 §5.1).
    name: 'path-lost', patience: 1,
    describe: ({ iceState }) => (iceState === 'disconnected' ? 'The other side is not reached at the moment: the network is being waited for' : undefined),
  },
  {
    name: 'muted-by-system', patience: 1,
    describe: ({ microphone, expectsOut }) =>
      !expectsOut ? undefined
      : microphone === 'muted' ? 'The system has silenced the microphone: look for a switch on the headset, or another program that took it'
      : microphone === 'ended' ? 'The microphone is gone: plug it in again, or choose another' : undefined,
  },
  {
    name: 'no-audio-in', patience: 3,
    describe: (view) => (isConnected(view) && view.expectsIn && !comes(view) ? 'Nothing is received from the other side' : undefined),
  },
  {
    name: 'no-audio-out', patience: 3,
    describe: (view) => {
      if (!isConnected(view) || !view.expectsOut) return undefined
      if (!goes(view)) return 'Nothing is sent to the other side'
      return view.report?.audioOut?.level === 0 && view.microphone === 'live' ? 'The microphone gives nothing but silence: look whether it is switched off' : undefined
    },
  },
  {
    name: 'one-way', patience: 3,
    describe: (view) => {
      if (!isConnected(view) || !view.expectsIn || !view.expectsOut) return undefined
      if (goes(view) && !comes(view)) return 'The other side may hear us, but is not heard'
      const isLost = comes(view) && (!goes(view) || (view.report?.audioOut?.loss ?? 0) >= 0.9)
      return isLost ? 'The other side is heard, but does not hear us' : undefined
    },
  },
  {
    name: 'poor-quality', patience: 3,
    describe: ({ report }, { mos }) => (report?.mos !== undefined && report.mos < mos ? 'The connection is poor: words may be lost' : undefined),
  },
]

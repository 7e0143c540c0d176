import type { CallEnd } from '@offhook/sip-session'
import type { GatherReport } from '../gathering.js'
import type { Course } from './course.js'
import type { HealthProblem } from './health-problem.js'
import type { NetworkPath, PathEnd, QualityReport } from './quality-report.js'

/** What a support desk wants to know of a call, as a value for `JSON.stringify`. Times are milliseconds since the media side was made, unless told. */
export interface CallDiagnosis {
  readonly callId: string
  readonly direction: 'incoming' | 'outgoing'
  readonly localUri: string | undefined
  readonly remoteUri: string
  /** Milliseconds since 1970. */
  readonly began: number
  readonly ended: number
  /** When media were agreed on; undefined when they never were. */
  readonly agreed: number | undefined
  readonly end: { readonly by: CallEnd['by']; readonly cause: CallEnd['cause']; readonly status: number | undefined; readonly reason: string }
  /** How long each description waited for its addresses. */
  readonly gatherings: readonly GatherReport[]
  /** What the connection went through. */
  readonly states: readonly { readonly at: number; readonly state: string }[]
  /** The ways through the network that were in use, in order. */
  readonly paths: readonly NetworkPath[]
  /** The last report: codecs and totals. */
  readonly last: QualityReport | undefined
  /** How many reports there were. */
  readonly reports: number
  readonly mos: Course | undefined
  /** Share of packets lost on the way here, 0 to 1. */
  readonly loss: Course | undefined
  /** Milliseconds. */
  readonly jitter: Course | undefined
  readonly roundTrip: Course | undefined
  readonly problems: readonly HealthProblem[]
  /** Names of the microphones and cameras used, as the browser calls them. */
  readonly inputs: readonly string[]
}

/** The diagnosis as lines that people read. */
export function textOfDiagnosis(diagnosis: CallDiagnosis): string {
  const { callId, direction, remoteUri, began, ended, agreed, end, last, problems, gatherings } = diagnosis
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
  const course = (name: string, value: Course | undefined, unit: string, scale = 1, digits = 0): string[] =>
    value === undefined ? [] : [`${name} ${(value.mean * scale).toFixed(digits)}${unit}, worst ${(value.worst * scale).toFixed(digits)}${unit}`]
  return [
    `Call ${callId}, ${direction}, with ${remoteUri}`,
    `Began ${new Date(began).toISOString()}, lasted ${seconds(ended - began)}, ${agreed === undefined ? 'media never agreed on' : `media agreed on after ${seconds(agreed)}`}`,
    `Ended by ${end.by}: ${end.cause}${end.status === undefined ? '' : ` (${end.status})`}, ${end.reason}`,
    ...gatherings.map(({ milliseconds, outcome, candidates }) => `Addresses: ${candidates} in ${Math.round(milliseconds)} ms, ${outcome}`),
    ...diagnosis.paths.map(({ local, remote }) => `Path: ${endText(local)} to ${endText(remote)}`),
    ...(last?.audioIn === undefined ? [] : [`Received: ${last.audioIn.codec}, ${last.audioIn.packets} packets, ${last.audioIn.lost} lost`]),
    ...(last?.audioOut === undefined ? [] : [`Sent: ${last.audioOut.codec}, ${last.audioOut.packets} packets`]),
    ...course('Opinion score', diagnosis.mos, '', 1, 1), ...course('Loss', diagnosis.loss, ' %', 100, 1), ...course('Jitter', diagnosis.jitter, ' ms'), ...course('Round trip', diagnosis.roundTrip, ' ms'),
    ...problems.map(({ name, description, since, until }) => `Problem at ${seconds(since)}${until === undefined ? ' until the end' : ` until ${seconds(until)}`}: ${name}, ${description}`),
    ...diagnosis.states.map(({ at, state }) => `At ${seconds(at)}: ${state}`),
    ...diagnosis.inputs.map((label) => `Input: ${label}`),
  ].join('\n')
}

function endText({ type, protocol, address, port, relayProtocol }: PathEnd): string {
  return `${type} ${address ?? '?'}:${port ?? '?'}/${protocol}${relayProtocol === undefined ? '' : ` by ${relayProtocol}`}`
}

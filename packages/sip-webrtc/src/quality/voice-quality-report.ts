import type { CallDiagnosis } from './call-diagnosis.js'
import { mosOf, ratingOf } from './e-model.js'
import type { InboundQuality, PathEnd } from './quality-report.js'

/** Content type of the body (RFC 6035 §4.5). */
export const VOICE_QUALITY_TYPE = 'application/vq-rtcpxr'

/** What the caller adds to the report. */
export interface VoiceQualityReportOptions {
  /** How a collector groups reports: a site, a customer. Default `default`. */
  readonly localGroup?: string | undefined
  readonly remoteGroup?: string | undefined
}

/**
 * The session report of a call as a collector takes it, by PUBLISH of the event `vq-rtcpxr` (RFC 6035 §4.6.1), of what was received
 * here. `undefined` when nothing was: then there is nothing to report on.
 */
export function voiceQualityReport(diagnosis: CallDiagnosis, { localGroup = 'default', remoteGroup = 'default' }: VoiceQualityReportOptions = {}): string | undefined {
  const { last, direction, remoteUri, began, agreed, ended, jitter, roundTrip, mos } = diagnosis
  const path = diagnosis.paths.at(-1)
  if (last?.audioIn === undefined || path === undefined || agreed === undefined) return undefined
  const localUri = diagnosis.localUri ?? 'sip:anonymous@anonymous.invalid'
  const { audioIn } = last
  const total = audioIn.packets + audioIn.lost
  const loss = total > 0 ? Math.max(0, audioIn.lost) / total : 0
  return [
    'VQSessionReport: CallTerm',
    `CallID: ${diagnosis.callId}`,
    `LocalID: <${localUri}>`,
    `RemoteID: <${remoteUri}>`,
    `OrigID: <${direction === 'outgoing' ? localUri : remoteUri}>`,
    `LocalAddr: ${addressText(path.local, undefined)}`,
    `RemoteAddr: ${addressText(path.remote, audioIn.ssrc)}`,
    `LocalGroup: ${oneLine(localGroup)}`,
    `RemoteGroup: ${oneLine(remoteGroup)}`,
    'LocalMetrics:',
    `Timestamps: START=${instant(began + agreed)} STOP=${instant(ended)}`,
    ...sessionText(audioIn),
    'JitterBuffer: JBA=3',
    `PacketLoss: NLR=${(100 * loss).toFixed(2)}`,
    `Delay: ${roundTrip === undefined ? '' : `RTD=${milliseconds(roundTrip.mean)} `}IAJ=${milliseconds(jitter?.mean ?? audioIn.jitter)}`,
    ...(mos === undefined ? [] : [qualityText(mos.mean, loss, audioIn.codec)]),
    '',
  ].join('\r\n')
}

function addressText({ address, port }: PathEnd, ssrc: number | undefined): string {
  // Browsers hide addresses of their own machine; the collector wants one all the same.
  const isAddress = address !== undefined && /^[\d.]+$|^[\da-fA-F:.]*:[\da-fA-F:.]*$/.test(address)
  return `IP=${isAddress ? address : '0.0.0.0'} PORT=${port ?? 0} SSRC=0x${(ssrc ?? 0).toString(16)}`
}

function sessionText({ codec, payloadType, clockRate }: InboundQuality): readonly string[] {
  const parts = [payloadType === undefined ? '' : `PT=${payloadType}`, /^[\w.-]+$/.test(codec) ? `PD=${codec}` : '', clockRate === undefined ? '' : `SR=${clockRate}`, 'PLC=3'].filter((part) => part !== '')
  return [`SessionDesc: ${parts.join(' ')}`]
}

/** Listening leaves the delay out of the rating, conversation has it (RFC 6035 §4.6.2.11.9). */
function qualityText(conversational: number, loss: number, codec: string): string {
  const listening = ratingOf({ delay: 0, loss, codec })
  return `QualityEst: RLQ=${Math.round(listening)} RLQEstAlg=G.107 MOSLQ=${mosOf(listening).toFixed(1)} MOSLQEstAlg=G.107 MOSCQ=${conversational.toFixed(1)} MOSCQEstAlg=G.107`
}

function instant(date: number): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, 'Z')
}

function milliseconds(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), 65_535)
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}

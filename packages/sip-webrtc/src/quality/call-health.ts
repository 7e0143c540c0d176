import type { Call, CallEnd } from '@offhook/sip-session'
import type { GatherReport } from '../gathering.js'
import { Listeners } from '../listeners.js'
import type { PeerConnectionDescriptionHandler } from '../peer-connection-description-handler.js'
import { type Timers, timersOf } from '../platform.js'
import type { CallDiagnosis } from './call-diagnosis.js'
import { CourseOf } from './course.js'
import type { HealthProblem, HealthProblemName, HealthView } from './health-problem.js'
import { HealthWatch } from './health-watch.js'
import type { NetworkPath, QualityReport } from './quality-report.js'
import { reportOf, sampleOf, type StatsSample } from './stats-reading.js'

/** What may be told to the watching of a call's health. */
export interface CallHealthOptions {
  /** Milliseconds between reports. Default 1000. */
  readonly interval?: number | undefined
  /** Opinion score below which the quality is told to be poor. Default 3.1: below it nearly all users are dissatisfied (ITU-T G.107 Annex B). */
  readonly poorBelow?: number | undefined
  readonly timers?: Timers | undefined
}

/** The events of a call's health: each problem by its name as it begins, `recovered` as one ends. */
export type CallHealthEvents = { readonly [Name in HealthProblemName]: [problem: HealthProblem] } & {
  /** Every interval. */
  readonly report: [report: QualityReport]
  readonly recovered: [problem: HealthProblem]
}

/** The parts of a call that are looked at. */
export type WatchedCall = Pick<Call, 'id' | 'direction' | 'remote' | 'session' | 'localHold' | 'remoteHold' | 'ended'>
/** The parts of its media that are looked at. */
export type WatchedMedia = Pick<PeerConnectionDescriptionHandler, 'connection' | 'localTracks' | 'isMuted' | 'on'>

/** A feature of `Softphone`: watches the health of each call. */
export function callHealth(options: CallHealthOptions = {}): (call: WatchedCall, media: WatchedMedia) => CallHealth {
  return (call, media) => new CallHealth(call, media, options)
}

/** Longest list of states kept. */
const MAX_STATES = 50

/** Watches one call: a report every second, what is wrong as events, and at the end all of it in one object. */
export class CallHealth {
  /** Resolves when the call has ended. Never rejects. */
  readonly diagnosis: Promise<CallDiagnosis>
  readonly #call: WatchedCall
  readonly #media: WatchedMedia
  readonly #timers: Timers
  readonly #interval: number
  readonly #events = new Listeners<CallHealthEvents>()
  readonly #watch: HealthWatch
  readonly #began: number
  readonly #beganDate: number
  readonly #forget: (() => void)[] = []
  #stopTimer: (() => void) | undefined
  #isOver = false
  #sample: StatsSample | undefined
  #report: QualityReport | undefined
  #reports = 0
  #agreed: number | undefined
  readonly #courses = { mos: new CourseOf(Math.min), loss: new CourseOf(Math.max), jitter: new CourseOf(Math.max), roundTrip: new CourseOf(Math.max) }
  readonly #gatherings: GatherReport[] = []
  readonly #states: { readonly at: number; readonly state: string }[] = []
  readonly #paths = new Map<string, NetworkPath>()
  readonly #inputs = new Set<string>()

  constructor(call: WatchedCall, media: WatchedMedia, { interval = 1_000, poorBelow = 3.1, timers = timersOf({}) }: CallHealthOptions = {}) {
    this.#call = call
    this.#media = media
    this.#timers = timers
    this.#interval = interval
    this.#watch = new HealthWatch({ mos: poorBelow })
    this.#began = timers.now()
    this.#beganDate = this.#date()
    if (media.connection !== undefined) this.#follow(media.connection)
    media.on('connection', (connection) => this.#follow(connection))
    media.on('gathered', (report) => void this.#gatherings.push(report))
    media.on('remote-stream', () => this.#start())
    media.on('agreed', () => {
      this.#agreed ??= this.#now
      this.#start()
    })
    this.diagnosis = call.ended.then((end) => this.#finish(end))
  }

  /** The last report. */
  get report(): QualityReport | undefined {
    return this.#report
  }

  /** What is wrong now. */
  get problems(): readonly HealthProblem[] {
    return this.#watch.problems
  }

  /** Listens to an event; the function returned stops listening. */
  on<Name extends keyof CallHealthEvents>(event: Name, listener: (...values: CallHealthEvents[Name]) => void): () => void {
    return this.#events.on(event, listener)
  }

  /** What is known by now, as the diagnosis at the end has it. */
  diagnose(end: Pick<CallEnd, 'by' | 'cause' | 'status' | 'reason'> = { by: 'local', cause: 'hung-up', reason: 'Still under way' }): CallDiagnosis {
    const { id, direction, remote, session } = this.#call
    const { mos, loss, jitter, roundTrip } = this.#courses
    return {
      callId: id, direction, localUri: session?.localURI.toString(), remoteUri: remote.uri.toString(),
      began: this.#beganDate, ended: this.#date(), agreed: this.#agreed,
      end: { by: end.by, cause: end.cause, status: end.status, reason: end.reason },
      gatherings: [...this.#gatherings], states: [...this.#states], paths: [...this.#paths.values()],
      last: this.#report, reports: this.#reports,
      mos: mos.value, loss: loss.value, jitter: jitter.value, roundTrip: roundTrip.value,
      problems: [...this.#watch.past, ...this.#watch.problems], inputs: [...this.#inputs],
    }
  }

  get #now(): number {
    return this.#timers.now() - this.#began
  }

  #date(): number {
    return this.#timers.date?.() ?? this.#timers.now()
  }

  #follow(connection: RTCPeerConnection): void {
    const onState = (): void => {
      if (this.#media.connection !== connection || this.#isOver) return
      const state = `${connection.connectionState}, ICE ${connection.iceConnectionState}`
      if (this.#states.at(-1)?.state !== state && this.#states.length < MAX_STATES) this.#states.push({ at: this.#now, state })
      this.#look(true)
    }
    for (const name of ['connectionstatechange', 'iceconnectionstatechange'] as const) {
      connection.addEventListener(name, onState)
      this.#forget.push(() => connection.removeEventListener(name, onState))
    }
  }

  #start(): void {
    if (this.#stopTimer === undefined && !this.#isOver) this.#schedule()
  }

  #schedule(): void {
    this.#stopTimer = this.#timers.after(this.#interval, () => void this.#measure())
  }

  async #measure(): Promise<void> {
    const { connection } = this.#media
    try {
      const stats = await connection?.getStats()
      if (stats === undefined || this.#isOver) return
      const before = this.#sample
      this.#sample = sampleOf(stats, this.#timers.now())
      this.#take(reportOf(before, this.#sample, this.#began))
    } catch {
      // A connection that was closed meanwhile has no statistics; its successor will.
    }
    if (!this.#isOver) this.#schedule()
  }

  #take(report: QualityReport): void {
    this.#report = report
    this.#reports += 1
    this.#courses.mos.add(report.mos)
    this.#courses.roundTrip.add(report.roundTrip)
    if (report.mos !== undefined) {
      this.#courses.loss.add(report.audioIn?.loss)
      this.#courses.jitter.add(report.audioIn?.jitter)
    }
    if (report.path !== undefined) this.#paths.set(JSON.stringify(report.path), report.path)
    for (const { label } of this.#media.localTracks) if (label !== '') this.#inputs.add(label)
    this.#events.emit('report', report)
    this.#look(false)
  }

  #look(between: boolean): void {
    const view = this.#view()
    if (view === undefined) return
    for (const { type, problem } of this.#watch.look(this.#now, view, between)) {
      if (type === 'recovered') this.#events.emit('recovered', problem)
      else this.#events.emit(problem.name, problem)
    }
  }

  #view(): HealthView | undefined {
    const { connection, localTracks } = this.#media
    if (connection === undefined || this.#isOver) return undefined
    const direction = connection.getTransceivers().find(({ receiver }) => receiver.track.kind === 'audio')?.currentDirection ?? 'inactive'
    const isHeld = this.#call.localHold || this.#call.remoteHold
    const track = localTracks.find(({ kind }) => kind === 'audio')
    return {
      report: this.#report,
      expectsIn: !isHeld && (direction === 'sendrecv' || direction === 'recvonly'),
      expectsOut: !isHeld && (direction === 'sendrecv' || direction === 'sendonly') && track !== undefined && !this.#media.isMuted('audio'),
      connectionState: connection.connectionState, iceState: connection.iceConnectionState,
      microphone: track === undefined ? 'none' : track.readyState === 'ended' ? 'ended' : track.muted ? 'muted' : 'live',
    }
  }

  #finish(end: CallEnd): CallDiagnosis {
    this.#isOver = true
    this.#stopTimer?.()
    for (const forget of this.#forget) forget()
    this.#events.clear()
    return this.diagnose(end)
  }
}

import type { Timers } from './platform.js'

/** How long a description may wait for its transport addresses (RFC 8445 §5.1). */
export interface GatherPolicy {
  /** Milliseconds after which it is sent with what there is. Default 1000. */
  readonly cap: number
  /** Once a public address is known (server-reflexive or relayed), milliseconds of silence to wait for another. Default 100. */
  readonly idleGap: number
}

/** The policy that holds when none is given. */
export const DEFAULT_GATHER_POLICY: GatherPolicy = { cap: 1_000, idleGap: 100 }

/** How gathering went. */
export interface GatherReport {
  /** Milliseconds the description waited. */
  readonly milliseconds: number
  /** `complete`: nothing more to come; `enough`: a public address is known; `capped`: time was up; `connected`: not needed. */
  readonly outcome: 'complete' | 'enough' | 'capped' | 'connected' | 'closed'
  /** Addresses known when it was sent. */
  readonly candidates: number
}

/** A gathering that is being waited for. */
export interface Gathering {
  /** Never rejects. */
  readonly report: Promise<GatherReport>
  /** Ends the waiting now, as `closed`. */
  stop(): void
}

/**
 * Waits, once the local description is set, until it has addresses enough, and never longer than the cap. What was gathered
 * before, while it rang, counts: `since` is when that began.
 */
export function gather(connection: RTCPeerConnection, policy: GatherPolicy, timers: Timers, since?: number): Gathering {
  const started = timers.now()
  const cap = Math.max(policy.cap - (started - (since ?? started)), Math.min(policy.cap, policy.idleGap))
  let stop: () => void = () => undefined
  const report = new Promise<GatherReport>((resolve) => {
    const forget = new Set<() => void>()
    let forgetIdle: () => void = () => undefined
    const finish = (outcome: GatherReport['outcome']): void => {
      forgetIdle()
      for (const each of forget) each()
      resolve({ milliseconds: timers.now() - started, outcome, candidates: addressesIn(connection).length })
    }
    const look = (): void => {
      const found = addressesIn(connection)
      // A restart is still `complete` from the generation before when it begins, but then without addresses.
      if (connection.iceGatheringState === 'complete' && found.length > 0) finish('complete')
      else if (found.some((line) => / typ (?:srflx|relay)/.test(line))) {
        forgetIdle()
        forgetIdle = timers.after(policy.idleGap, () => finish('enough'))
      }
    }
    const onState = (): void => {
      if (connection.iceGatheringState === 'complete') finish('complete')
    }
    connection.addEventListener('icecandidate', look)
    connection.addEventListener('icegatheringstatechange', onState)
    forget.add(() => connection.removeEventListener('icecandidate', look))
    forget.add(() => connection.removeEventListener('icegatheringstatechange', onState))
    forget.add(timers.after(cap, () => finish('capped')))
    stop = () => finish('closed')
    look()
  })
  return { report, stop: () => stop() }
}

/** The `a=candidate` lines of the local description as it is now. */
export function addressesIn(connection: RTCPeerConnection): readonly string[] {
  return connection.localDescription?.sdp.match(/^a=candidate:.*$/gm) ?? []
}

/** The ICE user fragments of the local description: they tell one gathering from the next. */
export function credentialsIn(connection: RTCPeerConnection): string {
  return connection.localDescription?.sdp.match(/^a=ice-ufrag:.*$/gm)?.join() ?? ''
}

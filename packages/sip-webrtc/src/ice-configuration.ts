import { MediaError } from './media-error.js'
import type { Timers } from './platform.js'

/** Configuration of peer connections, or a function that brings one: for TURN credentials that live for minutes. */
export type IceConfiguration = RTCConfiguration | (() => RTCConfiguration | Promise<RTCConfiguration>)

/** Asks for the configuration, `patience` milliseconds at most. @throws MediaError `no-ice-servers` */
export function configurationOf(source: IceConfiguration | undefined, timers: Timers, patience: number): RTCConfiguration | Promise<RTCConfiguration> {
  if (typeof source !== 'function') return source ?? {}
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown): void => reject(new MediaError('no-ice-servers', 'No relay addresses came', cause))
    const forget = timers.after(patience, fail)
    Promise.resolve().then(source).then(resolve, fail).finally(forget)
  })
}

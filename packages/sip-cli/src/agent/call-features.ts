import { reliableProvisional, sessionTimer, transfers } from '@offhook/sip-session'
import type { Extension, Referral } from '@offhook/sip-session'
import type { Arguments, OptionTable } from '../command-line/arguments.js'
import { UsageError } from '../command-line/usage-error.js'

/** Options of the features that calls may have, on either side. */
export const featureOptions: OptionTable = {
  '100rel': { value: '<mode>', text: 'reliable provisional responses (PRACK): supported, required or none (supported)' },
  'session-expires': { value: '<seconds>', text: 'session timer: the interval to ask for, from 90 (no timer unless this or --min-se is given)' },
  'min-se': { value: '<seconds>', text: 'session timer: the shortest interval to take; shorter ones get 422' },
  script: { value: '<file>', text: 'timed actions after the answer, one "<seconds> <action> [words]" a line: hold, resume, mute, unmute, dtmf, message, info, options, reinvite, update, refer, hangup' },
  'reinvite-after': { value: '<seconds>', text: 'send a re-INVITE so long after the answer' },
  'update-after': { value: '<seconds>', text: 'send an UPDATE so long after the answer' },
}

const MODES = ['supported', 'required', 'none'] as const

/** The features that the options ask for. @param refer what to do when the other side refers us to somebody. @throws {@link UsageError} */
export function featuresOf(args: Arguments, refer: (referral: Referral) => void): Extension[] {
  const text = args.text('100rel') ?? 'supported'
  const mode = MODES.find((one) => one === text)
  if (mode === undefined) throw new UsageError(`--100rel takes supported, required or none, not "${text}"`)
  const expires = args.integer('session-expires', 'seconds', 90, 4_294_967_295)
  const minSe = args.integer('min-se', 'seconds', 90, 4_294_967_295)
  const timed = expires !== undefined || minSe !== undefined
  return [
    reliableProvisional({ mode }),
    ...(timed ? [sessionTimer({ ...(expires !== undefined && { expires }), ...(minSe !== undefined && { minSe }) })] : []),
    transfers({ onRefer: refer }),
  ]
}

import { jssip } from './jssip.ts'
import { offhook } from './offhook.ts'
import { sipjs } from './sipjs.ts'
import type { CallMaker } from './call-maker.ts'

/** System → its pair of joined user agents. */
export const callMakers: Readonly<Record<string, () => CallMaker | Promise<CallMaker>>> = { offhook, jssip, 'sip.js': sipjs }

import { legible } from '@offhook/sip-parser'
import type { SipRequest } from '@offhook/sip-parser'
import { answerMode, privAnswerMode } from '@offhook/sip-parser/headers'
import { Call } from '../call/call.js'
import type { Extension } from '../call/extension.js'

/** How a caller wants to be answered. */
export interface AnswerModeWish {
  readonly mode: 'Auto' | 'Manual'
  /** Rather no call than one that is answered otherwise. */
  readonly required: boolean
  /** Whether it claims the right to override other policies (Priv-Answer-Mode). */
  readonly privileged: boolean
}

/** Who is answered how. */
export interface AnswerModesOptions {
  /**
   * Whether a call is answered as its caller wishes. A caller that is not authenticated must not open our microphone
   * (RFC 5373 §9): nobody's wish for `Auto` is granted without this.
   */
  readonly grants: (wish: AnswerModeWish, request: SipRequest) => boolean
}

/**
 * Answers calls by itself where the caller wishes so and is allowed to: intercoms, push to talk (RFC 5373 §4.5).
 *
 * The application hears of these calls, too, and may reject them; they answer themselves right after.
 */
export function answerModes({ grants }: AnswerModesOptions): Extension {
  const granted = new WeakMap<SipRequest, AnswerModeWish>()
  return {
    supported: ['answermode'],
    refuse(request) {
      const wish = wishOf(request)
      if (wish === undefined) return undefined
      if (grants(wish, request)) granted.set(request, wish)
      else if (wish.required) return { statusCode: 403, headers: [['Warning', '399 offhook "The answer mode is not granted"']] }
      return undefined
    },
    invited(call, { request }) {
      const wish = granted.get(request)
      if (wish?.mode !== 'Auto') return false
      // When the application has heard of it.
      void Promise.resolve().then(() => {
        const { face } = call
        if (face instanceof Call && call.state.name === 'ringing') void face.answer({ headers: { [fieldOf(wish)]: 'Auto' } })
      })
      return false
    },
  }
}

function fieldOf({ privileged }: AnswerModeWish): string {
  return privileged ? privAnswerMode.name : answerMode.name
}

/** The wish of an INVITE outside of a dialog; a value that is not known is none (RFC 5373 §3). */
function wishOf(request: SipRequest): AnswerModeWish | undefined {
  const { headers, method, to } = request
  if (method !== 'INVITE' || to.tag !== undefined) return undefined
  for (const field of [privAnswerMode, answerMode]) {
    const value = headers.has(field.name) ? legible(() => headers.read(field)[0]) : undefined
    const mode = (['Auto', 'Manual'] as const).find((one) => one.toLowerCase() === value?.token.toLowerCase())
    if (value !== undefined && mode !== undefined) return { mode, required: value.parameters.has('require'), privileged: field === privAnswerMode }
  }
  return undefined
}

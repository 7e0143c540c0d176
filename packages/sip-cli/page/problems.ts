import type { CallEnd } from '@offhook/sip-webrtc'

/** What went wrong in words, and what to do. */
export interface Problem {
  readonly title: string
  readonly advice: string
}

/** Why a call ended, told to the person; `undefined` when they know already. */
export function explainCallEnd(end: CallEnd, name: string): Problem | undefined {
  const quoted = end.status === undefined ? '' : ` (${end.status} ${end.reason})`
  switch (end.cause) {
    case 'hung-up':
    case 'cancelled':
    case 'closed':
      return undefined
    case 'busy':
      return { title: `${name} is busy`, advice: 'Try again in a few minutes.' }
    case 'not-found':
      return { title: `There is nobody called ${name}`, advice: 'Check the spelling, or choose somebody from the list of who is online.' }
    case 'no-answer':
      return end.status === 480
        ? { title: `${name} is not online or does not take calls`, advice: 'Try again later.' }
        : { title: `${name} does not answer`, advice: 'Try again later.' }
    case 'rejected':
      return { title: `${name} did not take the call`, advice: `You can try again later${quoted}.` }
    case 'unauthorized':
      return { title: 'The server did not let the call through', advice: `Sign out and sign in again with your password${quoted}.` }
    case 'unreachable':
      return { title: `${name} could not be reached`, advice: `The server or the other phone is not on the network${quoted}. Try again in a moment.` }
    case 'lost':
      return { title: 'The call was lost', advice: 'The other phone does not know of it any more. Call again.' }
    case 'media':
      if (end.by === 'remote') return { title: `${name}’s phone cannot talk to a browser`, advice: `It has no WebRTC audio${quoted}. Call somebody else, or use a phone that speaks plain RTP.` }
      return explainMediaFailure(end.error) ?? { title: 'No sound could be set up', advice: `${end.reason}. Check microphone and network, then call again.` }
    default:
      return { title: 'The call ended', advice: `${end.reason}${quoted}` }
  }
}

/** Why the microphone cannot be had; `undefined` when the error is about something else. */
export function explainMediaFailure(error: unknown): Problem | undefined {
  for (let each: unknown = error, depth = 0; depth < 4 && each instanceof Error; each = each.cause, depth++) {
    switch ('code' in each ? each.code : '') {
      case 'input-denied':
        return {
          title: 'The microphone is blocked',
          advice: 'Click the lock or camera symbol beside the address of this page, allow the microphone, and call again.',
        }
      case 'input-missing':
        return { title: 'There is no microphone', advice: 'Plug one in or choose another under “Microphone and speaker”, then call again.' }
      case 'input-busy':
      case 'input-failed':
        return { title: 'The microphone is in use', advice: 'Close the other program or tab that has it, then call again.' }
    }
  }
  return undefined
}

/** Why this browser or address cannot make calls at all. */
export function explainHost(): Problem | undefined {
  if (!window.isSecureContext) {
    return {
      title: 'This address may not use the microphone',
      advice: 'Browsers allow it only on https: addresses and on localhost. Start the server with --https, --cert and --key and open that address.',
    }
  }
  if (typeof RTCPeerConnection === 'undefined') return { title: 'This browser cannot make calls', advice: 'Open the page in a current Chrome, Edge, Firefox or Safari.' }
  return undefined
}

/** Why the server did not take our registration. */
export function explainRegistration(status: number | undefined, reason: string, name: string): Problem {
  if (status === 401 || status === 403 || status === 407) return { title: 'Wrong name or password', advice: 'Check both and try again. The person who runs the server knows them.' }
  if (status === 404) return { title: `The server does not know “${name}”`, advice: 'Use a name that the person who runs the server has set up.' }
  if (status === 503 || status === 500) return { title: 'The server is busy', advice: 'Try again in a few seconds.' }
  if (status === undefined || status === 408) return { title: 'The server does not answer', advice: 'Is “offhook serve” still running? Start it again, then try once more.' }
  return { title: 'The server refused', advice: `It said: ${status} ${reason}. Try another name.` }
}

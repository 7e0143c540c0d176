import type { SipRequest } from '@offhook/sip-parser'
import type { Flow } from '@offhook/sip-transport'
import type { ResponseOptions } from '../session/session.js'
import { OwnedRequest } from './owned-request.js'

/** A request that no session takes, in the hands of an extension. */
export class OutsideRequest extends OwnedRequest {
  readonly flow: Flow
  /** The tag of our responses, with which a dialog may begin (RFC 3261 §12.1.1); in a dialog it is ours already. */
  readonly localTag: string

  constructor(request: SipRequest, flow: Flow, localTag: string, respond: (statusCode: number, options: ResponseOptions) => void) {
    super(request, undefined, respond)
    this.flow = flow
    this.localTag = localTag
  }
}

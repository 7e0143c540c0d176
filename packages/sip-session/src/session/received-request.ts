import type { SipRequest } from '@offhook/sip-parser'
import type { Description } from '../session-description-handler.js'
import { DESCRIBING, descriptionOf } from './description.js'
import type { OfferAnswer } from './offer-answer.js'
import type { PendingRequest } from './pending-requests.js'
import type { OpenRequest } from './usage-types.js'

/** A request of the peer that waits for its final response. Of an INVITE, its UAS core knows where its own offer and answer stand (RFC 6337 §2). */
export class ReceivedRequest implements OpenRequest, PendingRequest {
  readonly key: string
  readonly request: SipRequest
  /** Whether a reliable 1xx carried the answer or the offer, so that the final response neither says nor takes back anything. */
  exchanged = false
  /** Whether the application has taken the INVITE, and the 2xx has to wait. */
  accepting = false

  constructor({ key, request }: OpenRequest) {
    this.key = key
    this.request = request
  }

  get method(): string {
    return this.request.method
  }

  /** What a 1xx to the INVITE may carry: a preview of the answer, unless it is sent reliably; an offer has to be (RFC 3262 §5). */
  progress(description: Description | undefined, reliable: boolean, negotiation: OfferAnswer): Description | undefined {
    if (description === undefined || this.exchanged || (!reliable && negotiation.state === 'Initial')) return undefined
    if (!negotiation.preview) negotiation.local(description, !reliable)
    else if (reliable) negotiation.finishPreview(description)
    this.exchanged = reliable
    return description
  }

  /** What the 2xx to the INVITE carries: what the 183 said, unless the application says otherwise (RFC 3261 §13.2.1). */
  success(description: Description | undefined, negotiation: OfferAnswer): Description | undefined {
    if (this.exchanged) return undefined
    if (negotiation.preview) {
      const answer = description ?? negotiation.answer
      negotiation.finishPreview(answer)
      return answer
    }
    if (description !== undefined) negotiation.local(description)
    return description
  }

  /** Any other final response: it answers the offer of a PRACK or an UPDATE, or takes back what was described. */
  final(success: boolean, description: Description | undefined, negotiation: OfferAnswer): void {
    const { method, request } = this
    if (method === 'INVITE' ? this.exchanged : !DESCRIBING.includes(method) || descriptionOf(request) === undefined) return
    if (!success) negotiation.rollback()
    else if (description !== undefined) negotiation.local(description)
  }
}

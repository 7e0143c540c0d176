import type { Signer } from '@offhook/sip-auth'
import type { SipRequest } from '@offhook/sip-parser'

/**
 * The second part of this proxy's branches (RFC 5393 §4.2.1): a keyed hash over all that decides where a request goes,
 * and over what tells one transaction's requests from another's. It does not vary with the method.
 */
export class LoopMarks {
  readonly #signer: Signer

  constructor(signer: Signer) {
    this.#signer = signer
  }

  /** The mark of a request as it was received. */
  markOf(request: SipRequest): string {
    return this.#signer.sign([
      String(request.requestUri), ...request.headers.getAll('Route'), request.callId,
      request.from.tag ?? '', request.to.tag ?? '', String(request.cseq.sequence),
    ].join('\n'))
  }

  /** A branch that carries the mark. */
  branchWith(branch: string, mark: string): string {
    return `${branch}.${mark}`
  }

  /** Whether the request was here before and nothing has changed since (RFC 5393 §4.2.2): answer 482. The key makes sent-by needless. */
  isLoop(request: SipRequest): boolean {
    const branches = request.vias.map(({ branch }) => branch).filter((branch) => branch?.includes('.'))
    if (branches.length === 0) return false
    const mark = this.markOf(request)
    return branches.some((branch) => branch?.endsWith(`.${mark}`))
  }
}

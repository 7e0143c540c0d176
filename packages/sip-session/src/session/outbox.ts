import type { Instant } from '@offhook/sip-machine'
import { createResponse } from '@offhook/sip-parser'
import type { SipResponse } from '@offhook/sip-parser'
import type { Dialog } from '../dialog/dialog.js'
import { contentOf } from './added.js'
import type { Added } from './added.js'
import type { ClientInvite } from './client-invite.js'
import type { ExtendedUsage, UsageExtension } from './usage-extension.js'
import type { OpenRequest, UsageEffect } from './usage-types.js'

const NOWHERE: UsageEffect[] = []

/** What a usage sends: messages of its dialog, to which its extensions may add, as effects. */
export class Outbox {
  /** When the input at hand came, in ms. */
  now: Instant = 0
  readonly #dialog: Dialog
  readonly #extensions: readonly UsageExtension[]
  /** Where the effects of the input at hand go; between inputs nothing holds them, and the messages in them. */
  #effects: UsageEffect[] = NOWHERE

  constructor(dialog: Dialog, extensions: readonly UsageExtension[]) {
    this.#dialog = dialog
    this.#extensions = extensions
  }

  open(now: Instant, effects: UsageEffect[]): void {
    this.now = now
    this.#effects = effects
  }

  close(): void {
    this.#effects = NOWHERE
  }

  push(effect: UsageEffect): void {
    this.#effects.push(effect)
  }

  /** @param usage for the extensions */
  request(usage: ExtendedUsage, id: string, method: string, added: Added): void {
    const request = this.#dialog.createRequest(method, contentOf(added))
    for (const extension of this.#extensions) extension.requesting?.(request, usage)
    this.push({ type: 'request', id, request })
  }

  acknowledge({ sequence = 0, ack }: ClientInvite): void {
    this.push({ type: 'ack', request: this.#dialog.createAck(sequence, contentOf(ack)), sequence })
  }

  /** @param usage for the extensions */
  respond(usage: ExtendedUsage, open: OpenRequest, statusCode: number, added: Added = {}, reasonPhrase?: string): SipResponse {
    const response = createResponse(open.request, { statusCode, reasonPhrase, toTag: this.#dialog.localTag, ...contentOf(added) })
    for (const extension of this.#extensions) extension.responding?.(this.now, open, response, usage)
    this.push({ type: 'respond', key: open.key, response })
    return response
  }
}

import { Ladder } from '@offhook/sip-trace'
import type { LadderRecord, LadderRow } from '@offhook/sip-trace'
import { element, make } from './elements.js'

const maxRows = 500
const maxMessages = 2000

/** The SIP messages of the call that is shown, as they travel. */
export class LadderView {
  readonly #ladder = new Ladder({ limit: maxMessages })
  readonly #messages = new Map<number, { readonly text: string; readonly isSent: boolean }>()
  readonly #list = element('ladder', HTMLOListElement)
  readonly #none = element('ladder-none', HTMLElement)
  readonly #note = element('ladder-note', HTMLElement)
  #callId: string | undefined

  /** Takes a message of any call or registration; only those of the call in view are drawn. */
  add(record: LadderRecord & { readonly bytes: Uint8Array }): void {
    const row = this.#ladder.add(record)
    if (row === undefined) return
    const text = new TextDecoder().decode(record.bytes)
    this.#messages.set(row.id, { text, isSent: record.direction === 'sent' })
    if (this.#messages.size > maxMessages) this.#messages.delete(this.#messages.keys().next().value ?? 0)
    if (row.callId === this.#callId || (this.#callId === undefined && row.method === 'INVITE')) {
      this.#callId ??= row.callId
      this.#draw(row)
    }
  }

  /** Shows the messages of that call; without one, waits for the next. */
  show(callId: string | undefined): void {
    if (callId !== undefined && callId === this.#callId) return
    this.#callId = callId
    this.#list.replaceChildren()
    for (const row of callId === undefined ? [] : this.#ladder.toRows(callId)) this.#draw(row)
    this.#none.hidden = this.#list.childElementCount > 0
    if (callId === undefined) this.#note.textContent = ''
  }

  #draw(row: LadderRow): void {
    const atEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40
    this.#list.append(this.#item(row))
    if (this.#list.childElementCount > maxRows) this.#list.firstElementChild?.remove()
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight
    this.#none.hidden = true
    const { length } = this.#ladder.toRows(row.callId)
    this.#note.textContent = `${length} ${length === 1 ? 'message' : 'messages'}`
  }

  #item(row: LadderRow): HTMLLIElement {
    const isSent = this.#messages.get(row.id)?.isSent ?? true
    const time = make('time', {}, `${(row.elapsed / 1000).toFixed(3)} s`)
    const label = make('span', {}, row.label, ...(row.body === undefined ? [] : [make('small', {}, ` ${row.body.replace('application/', '')}`)]))
    if (row.retransmission > 0) label.append(make('small', {}, ` again (${row.retransmission})`))
    const arrow = make('div', { class: 'arrow', 'data-way': isSent ? 'sent' : 'received', 'data-tint': tintOf(row) }, label)
    const way = make('span', { class: 'hidden' }, isSent ? 'sent' : 'received')
    const button = make('button', { type: 'button', class: 'row', 'aria-expanded': 'false' }, time, arrow, way)
    const item = make('li', {}, button)
    button.addEventListener('click', () => this.#toggle(item, button, row.id))
    return item
  }

  #toggle(item: HTMLLIElement, button: HTMLButtonElement, id: number): void {
    const open = button.getAttribute('aria-expanded') !== 'true'
    button.setAttribute('aria-expanded', String(open))
    item.querySelector('pre')?.remove()
    if (open) item.append(make('pre', { tabindex: '0' }, this.#messages.get(id)?.text ?? ''))
  }
}

function tintOf({ statusCode }: LadderRow): string {
  if (statusCode === undefined) return 'request'
  if (statusCode < 200) return 'provisional'
  if (statusCode < 300) return 'success'
  return statusCode === 401 || statusCode === 407 ? 'challenge' : 'failure'
}

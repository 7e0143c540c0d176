import { element, make } from './elements.js'

/** Something the person should know, and what to do about it. */
export interface Notice {
  readonly kind: 'error' | 'warning' | 'note'
  readonly title: string
  readonly advice: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const shown = new Map<string, HTMLElement>()

/** Shows a notice; one of the same `topic` that is there already is replaced. */
export function notify(topic: string, notice: Notice): void {
  dismiss(topic)
  const body = make('div', {}, make('b', {}, notice.title), notice.advice)
  const box = make('div', { class: 'notice', 'data-kind': notice.kind, 'data-topic': topic }, body)
  const { action } = notice
  if (action !== undefined) {
    const button = make('button', { type: 'button' }, action.label)
    button.addEventListener('click', action.run)
    box.append(button)
  }
  const close = make('button', { type: 'button', class: 'plain' }, 'Dismiss')
  close.addEventListener('click', () => dismiss(topic))
  box.append(close)
  shown.set(topic, box)
  element('notices', HTMLElement).append(box)
}

/** Takes the notice of that topic away, when there is one. */
export function dismiss(topic: string): void {
  shown.get(topic)?.remove()
  shown.delete(topic)
}

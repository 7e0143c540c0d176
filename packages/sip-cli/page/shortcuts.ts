import { element } from './elements.js'
import { isDigit } from './keypad.js'

/** What a key does; a shortcut that does not fit the moment gives `false` and leaves the key alone. */
export interface ShortcutActions {
  answer(): boolean
  end(): boolean
  mute(): boolean
  hold(): boolean
  keypad(): boolean
  digit(digit: string): boolean
  dial(): boolean
  help(): boolean
}

/** Listens for single keys, but not while somebody types or holds a modifier. */
export function listenForShortcuts(actions: ShortcutActions): void {
  const keys: Readonly<Record<string, () => boolean>> = {
    a: () => actions.answer(), e: () => actions.end(), m: () => actions.mute(), h: () => actions.hold(), k: () => actions.keypad(),
    '/': () => actions.dial(), '?': () => actions.help(),
  }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement || element('help', HTMLDialogElement).open) return
    const key = event.key.toLowerCase()
    const act = isDigit(event.key) ? () => actions.digit(event.key) : Object.hasOwn(keys, key) ? keys[key] : undefined
    if (act?.() === true) event.preventDefault()
  })
}

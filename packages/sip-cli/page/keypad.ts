import { element, make } from './elements.js'

const keys: readonly (readonly [digit: string, letters: string])[] = [
  ['1', ''], ['2', 'ABC'], ['3', 'DEF'], ['4', 'GHI'], ['5', 'JKL'], ['6', 'MNO'], ['7', 'PQRS'], ['8', 'TUV'], ['9', 'WXYZ'], ['*', ''], ['0', '+'], ['#', ''],
]
const names: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash' }

/** True for what a keypad can send. */
export function isDigit(text: string): boolean {
  return text.length === 1 && '0123456789*#'.includes(text)
}

/** Fills the keypad with its keys. */
export function createKeypad(press: (digit: string) => void): void {
  const buttons = keys.map(([digit, letters]) => {
    const button = make('button', { type: 'button', 'data-digit': digit, ...(names[digit] === undefined ? {} : { 'aria-label': names[digit] }) }, digit, make('small', { 'aria-hidden': 'true' }, letters))
    button.addEventListener('click', () => press(digit))
    return button
  })
  element('keypad', HTMLElement).append(...buttons)
}

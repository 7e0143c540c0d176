import type { Call, CallEnd } from '@offhook/sip-webrtc'
import { element, showFace } from './elements.js'
import { createKeypad } from './keypad.js'
import { LevelMeter } from './level-meter.js'
import type { Problem } from './problems.js'

/** What the buttons of the panel ask for. */
export interface CallActions {
  answer(): void
  hangUp(): void
  toggleMute(): void
  toggleHold(): void
  press(digit: string): void
  again(): void
  dismiss(): void
}

type View = 'calling' | 'ringing' | 'incoming' | 'connecting' | 'active' | 'held' | 'ended'

const buttons = ['answer', 'mute', 'hold', 'show-keypad', 'hang-up'] as const
const visible: Readonly<Record<View, readonly (typeof buttons)[number][]>> = {
  calling: ['hang-up'],
  ringing: ['hang-up'],
  incoming: ['answer', 'hang-up'],
  connecting: ['hang-up'],
  active: ['mute', 'hold', 'show-keypad', 'hang-up'],
  held: ['mute', 'hold', 'show-keypad', 'hang-up'],
  ended: ['answer', 'hang-up'],
}
const labels: Readonly<Record<View, readonly [answer: string, hangUp: string]>> = {
  calling: ['', 'Cancel'],
  ringing: ['', 'Cancel'],
  incoming: ['Answer', 'Decline'],
  connecting: ['', 'Hang up'],
  active: ['', 'Hang up'],
  held: ['', 'Hang up'],
  ended: ['Call again', 'Close'],
}

/** The card of the one call that the page shows. */
export class CallPanel {
  readonly #card = element('call', HTMLElement)
  readonly #state = element('call-state', HTMLElement)
  readonly #time = element('call-time', HTMLElement)
  readonly #peer = element('call-peer', HTMLElement)
  readonly #digits = element('digits', HTMLOutputElement)
  readonly #meters = { mine: new LevelMeter(element('level-mine', HTMLElement)), theirs: new LevelMeter(element('level-theirs', HTMLElement)) }
  #timer = 0
  #view: View | undefined
  #name = ''

  constructor(actions: CallActions) {
    const on = (id: string, act: () => void): void => element(id, HTMLButtonElement).addEventListener('click', act)
    on('answer', () => (this.#view === 'ended' ? actions.again() : actions.answer()))
    on('hang-up', () => (this.#view === 'ended' ? actions.dismiss() : actions.hangUp()))
    on('mute', () => actions.toggleMute())
    on('hold', () => actions.toggleHold())
    on('show-keypad', () => this.toggleKeypad())
    createKeypad((digit) => actions.press(digit))
  }

  /** The state in view; `undefined` without a call. */
  get view(): View | undefined {
    return this.#view
  }

  /** Brings a call into view. */
  open(name: string, isRobot: boolean): void {
    this.#name = name
    this.#peer.textContent = name
    element('level-peer-label', HTMLElement).textContent = name
    showFace(element('call-face', HTMLElement), name, isRobot)
    this.#digits.value = ''
    this.toggleKeypad(false)
    this.#card.hidden = false
  }

  /** Draws where the call stands. `now` gives ms on the clock of `since`. */
  show(call: Call, now: () => number): void {
    const { state } = call
    switch (state.name) {
      case 'calling':
        this.#turn('calling', 'Calling…')
        break
      case 'ringing':
        if (call.direction === 'incoming') this.#turn('incoming', 'is calling you')
        else this.#turn('ringing', 'Ringing…')
        break
      case 'answering':
        this.#turn('connecting', 'Connecting…')
        break
      case 'established': {
        const since = state.since
        const held = call.localHold || call.remoteHold
        const hint = call.localHold ? 'On hold' : call.remoteHold ? `${this.#name} put you on hold` : call.muted ? 'Muted' : 'In call'
        // The time is not announced by screen readers, a change of state is.
        const draw = (): void => void (this.#time.textContent = `${clock(now() - since)} · `)
        this.#turn(held ? 'held' : 'active', hint)
        draw()
        this.#timer = window.setInterval(draw, 500)
        break
      }
      case 'ended':
        break
    }
    this.#press('mute', call.muted, ['Mute', 'Unmute'])
    this.#press('hold', call.localHold, ['Hold', 'Resume'])
  }

  /** Says how it ended. */
  showEnd(end: CallEnd, problem: Problem | undefined): void {
    this.#turn('ended', problem === undefined ? endWords(end, this.#name) : `${problem.title}. ${problem.advice}`)
  }

  /** Takes the call out of view. */
  close(): void {
    this.#turn(undefined, '')
    this.#card.hidden = true
  }

  /** Shows how loud both sides are. */
  meter(mine: MediaStream | undefined, theirs: MediaStream | undefined): void {
    this.#meters.mine.follow(mine)
    this.#meters.theirs.follow(theirs)
  }

  /** Adds a digit that was sent. */
  addDigit(digit: string): void {
    this.#digits.value = `${this.#digits.value}${digit}`.slice(-24)
  }

  toggleKeypad(open = element('keypad', HTMLElement).hidden !== false): void {
    element('keypad', HTMLElement).hidden = !open
    element('show-keypad', HTMLElement).setAttribute('aria-expanded', String(open))
  }

  /** Puts the keyboard on what is most likely wanted next. */
  focus(): void {
    if (this.#view === 'incoming') element('answer', HTMLElement).focus()
    else this.#peer.focus()
  }

  #turn(view: View | undefined, words: string): void {
    window.clearInterval(this.#timer)
    this.#view = view
    this.#card.dataset['state'] = view ?? 'idle'
    this.#time.textContent = ''
    if (this.#state.textContent !== words) this.#state.textContent = words
    const shown = view === undefined ? [] : visible[view]
    for (const id of buttons) element(id, HTMLElement).hidden = !shown.includes(id)
    if (view !== undefined) {
      const [answer, hangUp] = labels[view]
      setLabel('answer', answer)
      setLabel('hang-up', hangUp)
      setIcon('hang-up', view === 'ended' ? 'close' : 'hangup')
    }
    const talking = view === 'active' || view === 'held'
    element('levels', HTMLElement).hidden = !talking
    if (!talking) this.toggleKeypad(false)
  }

  #press(id: 'mute' | 'hold', pressed: boolean, [off, on]: readonly [string, string]): void {
    element(id, HTMLElement).setAttribute('aria-pressed', String(pressed))
    setLabel(id, pressed ? on : off)
    setIcon(id, icons[id][pressed ? 1 : 0])
  }
}

function setLabel(id: string, text: string): void {
  const label = element(id, HTMLElement).querySelector('span')
  if (label !== null) label.textContent = text
}

const icons = { mute: ['mic', 'mic-off'], hold: ['pause', 'play'] } as const

function setIcon(id: string, name: string): void {
  element(id, HTMLElement).querySelector('use')?.setAttribute('href', `#i-${name}`)
}

function endWords({ by, cause }: CallEnd, name: string): string {
  if (cause === 'cancelled') return by === 'local' ? 'Cancelled' : 'Missed call'
  return by === 'local' ? 'Call ended' : `${name} hung up`
}

function clock(elapsed: number): string {
  const seconds = Math.max(0, Math.floor(elapsed / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

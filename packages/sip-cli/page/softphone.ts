import type { Call } from '@offhook/sip-webrtc'
import { CallPanel } from './call-panel.js'
import { Devices } from './devices.js'
import type { DeviceChoice } from './devices.js'
import { element } from './elements.js'
import { LadderView } from './ladder-view.js'
import { Line } from './line.js'
import type { LineState } from './line.js'
import { dismiss, notify } from './notices.js'
import { showPeople, watchNews } from './people.js'
import type { OnlineNews } from './people.js'
import { explainCallEnd } from './problems.js'
import { Ringer } from './ringer.js'
import { listenForShortcuts } from './shortcuts.js'
import { SignIn } from './sign-in.js'

/** The softphone: one line, one call at a time, and what is around it. */
class Softphone {
  readonly #ringer = new Ringer()
  readonly #ladder = new LadderView()
  readonly #devices = new Devices((choice) => void this.#useDevices(choice))
  readonly #panel: CallPanel
  readonly #signIn: SignIn
  readonly #target = element('target', HTMLInputElement)
  #line: Line | undefined
  #news: OnlineNews | undefined
  #call: Call | undefined
  #lastTarget = ''
  #wantsHold = false
  #stopNews: (() => void) | undefined

  constructor() {
    this.#panel = new CallPanel({
      answer: () => void this.#answer(),
      hangUp: () => void this.#call?.hangUp(),
      toggleMute: () => void this.#toggleMute(),
      toggleHold: () => void this.#toggleHold(),
      press: (digit) => void this.#press(digit),
      again: () => this.#dial(this.#lastTarget),
      dismiss: () => this.#dismiss(),
    })
    this.#signIn = new SignIn({
      unlock: () => this.#ringer.unlock(),
      trace: (record) => this.#ladder.add(record),
      devices: this.#devices,
      opened: (line, news) => this.#opened(line, news),
    })
    element('sign-out', HTMLButtonElement).addEventListener('click', () => void this.#signOut())
    element('dial-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      this.#dial(this.#target.value.trim())
    })
    element('ring-aloud', HTMLInputElement).addEventListener('change', ({ currentTarget }) => {
      this.#ringer.aloud = currentTarget instanceof HTMLInputElement && currentTarget.checked
    })
    element('show-help', HTMLButtonElement).addEventListener('click', () => element('help', HTMLDialogElement).showModal())
    this.#listenForKeys()
    window.addEventListener('pagehide', () => void this.#line?.close())
  }

  #opened(line: Line, news: OnlineNews): void {
    this.#line = line
    line.onState = (state) => this.#showLine(state)
    line.onIncoming = (call) => this.#incoming(call)
    line.onBlocked = (resume) => {
      notify('call', {
        kind: 'warning', title: 'The browser holds the sound back', advice: 'Click to hear the other side.',
        action: { label: 'Hear it', run: () => void resume().then(() => dismiss('call')) },
      })
    }
    document.body.dataset['screen'] = 'phone'
    element('sign-in', HTMLElement).hidden = true
    element('phone', HTMLElement).hidden = false
    element('me', HTMLElement).hidden = false
    element('my-name', HTMLElement).textContent = line.name
    this.#showLine({ name: 'online' })
    this.#showNews(news)
    this.#stopNews = watchNews(line.registration, (latest) => this.#showNews(latest))
    this.#target.focus()
  }

  async #signOut(): Promise<void> {
    await this.#call?.hangUp()
    this.#dismiss()
    this.#stopNews?.()
    const line = this.#line
    this.#line = undefined
    await line?.close()
    for (const topic of ['line', 'call', 'missed']) dismiss(topic)
    document.body.dataset['screen'] = 'sign-in'
    element('phone', HTMLElement).hidden = true
    element('me', HTMLElement).hidden = true
    element('sign-in', HTMLElement).hidden = false
    this.#signIn.focus()
  }

  #showNews(news: OnlineNews): void {
    this.#news = news
    element('dial', HTMLButtonElement).disabled = this.#call !== undefined
    if (this.#line !== undefined) showPeople(news, this.#line.name, this.#call !== undefined, (user) => this.#dial(user))
  }

  #showLine(state: LineState): void {
    element('line-dot', HTMLElement).dataset['line'] = state.name
    element('line-state', HTMLElement).textContent = state.name === 'online' ? 'online' : state.name === 'connecting' ? 'connecting…' : 'offline'
    if (state.name === 'online') dismiss('line')
    if (state.name === 'lost') {
      notify('line', {
        kind: 'error', title: 'The server is gone', advice: state.advice,
        action: { label: 'Try now', run: () => void this.#line?.retry() },
      })
    }
  }

  #dial(target: string): void {
    const line = this.#line
    if (line === undefined) return
    if (this.#call !== undefined) {
      notify('call', { kind: 'note', title: 'You are in a call', advice: 'End it first, then call somebody else.' })
      return
    }
    if (target === '') {
      this.#complain('Type a name or a number first, or choose somebody from the list.')
      return
    }
    if (target === line.name) {
      this.#complain('That is you. Call somebody else, or “echo” to hear yourself.')
      return
    }
    this.#complain('')
    this.#ringer.unlock()
    this.#lastTarget = target
    try {
      const call = line.call(target)
      this.#ladder.show(undefined)
      this.#follow(call)
    } catch (error) {
      this.#complain(`“${target}” cannot be called: ${error instanceof Error ? error.message : 'it is no address'}. A name looks like bob, an address like sip:bob@example.com.`)
    }
  }

  #complain(words: string): void {
    const problem = element('target-problem', HTMLElement)
    problem.textContent = words
    problem.hidden = words === ''
    this.#target.setAttribute('aria-invalid', String(words !== ''))
    if (words !== '') this.#target.focus()
  }

  #incoming(call: Call): void {
    if (this.#call !== undefined) {
      void call.reject(486)
      notify('missed', { kind: 'note', title: `${nameOf(call, this.#news)} called`, advice: 'You were in a call, so they heard that you are busy.' })
      return
    }
    this.#lastTarget = nameOf(call, this.#news)
    this.#ladder.show(call.id)
    this.#follow(call)
  }

  /** Shows a call until it has ended. */
  #follow(call: Call): void {
    this.#call = call
    this.#wantsHold = false
    const name = nameOf(call, this.#news)
    dismiss('call')
    if (this.#news !== undefined) this.#showNews(this.#news)
    this.#panel.open(name, name === this.#news?.robot)
    const draw = (): void => this.#draw(call)
    call.on('state', draw)
    call.on('hold', draw)
    call.on('connectivity', (state) => {
      draw()
      if (state === 'disconnected' || state === 'failed') {
        notify('call', { kind: 'warning', title: 'The sound is interrupted', advice: 'The network between you is gone. If it does not come back, hang up and call again.' })
      } else dismiss('call')
    })
    draw()
    this.#panel.focus()
    void call.ended.then((end) => this.#ended(call, end, name))
  }

  #draw(call: Call): void {
    if (this.#call !== call) return
    this.#panel.show(call, () => performance.now())
    const { state, direction } = call
    if (state.name === 'ringing') this.#ringer.play(direction === 'incoming' ? 'ring' : 'ringback')
    else this.#ringer.stop()
    if (state.name === 'established') {
      const { local, remote } = this.#line?.streams(call) ?? {}
      this.#panel.meter(local, remote)
      void this.#devices.refresh()
    }
    document.title = state.name === 'ringing' && direction === 'incoming' ? `☎ ${nameOf(call, this.#news)} is calling` : state.name === 'established' ? `${nameOf(call, this.#news)} · offhook` : 'offhook'
  }

  #ended(call: Call, end: Awaited<Call['ended']>, name: string): void {
    if (this.#call !== call) return
    this.#call = undefined
    document.title = 'offhook'
    if (this.#news !== undefined) this.#showNews(this.#news)
    this.#ringer.stop()
    this.#panel.meter(undefined, undefined)
    const problem = explainCallEnd(end, name)
    if (problem !== undefined) this.#ringer.play('busy')
    else if (end.by === 'remote' && end.cause === 'hung-up') this.#ringer.play('over')
    this.#panel.showEnd(end, problem)
  }

  async #useDevices(choice: DeviceChoice): Promise<void> {
    const error = await this.#line?.use(choice)
    if (error !== undefined) notify('devices', { kind: 'warning', title: 'That device cannot be used', advice: `${error.message}.` })
    else dismiss('devices')
    if (this.#call !== undefined) this.#draw(this.#call)
  }

  async #answer(): Promise<void> {
    const call = this.#call
    if (call?.direction !== 'incoming') return
    this.#ringer.unlock()
    const outcome = await call.answer()
    if (outcome.ok || outcome.code === 'ended') return
    const problem = explainCallEnd({ by: 'error', cause: 'media', reason: outcome.reason, error: outcome.error }, nameOf(call, this.#news))
    if (problem !== undefined) {
      notify('call', { kind: 'error', title: problem.title, advice: problem.advice.replace('call again', 'press Answer again'), action: { label: 'Answer again', run: () => void this.#answer() } })
    }
  }

  async #toggleMute(): Promise<void> {
    const call = this.#call
    if (call === undefined) return
    await (call.muted ? call.unmute() : call.mute())
    this.#draw(call)
  }

  async #toggleHold(): Promise<void> {
    const call = this.#call
    if (call === undefined) return
    // What is wanted may be ahead of what the other side has agreed to.
    this.#wantsHold = !this.#wantsHold
    const outcome = await (this.#wantsHold ? call.hold() : call.resume())
    this.#wantsHold = call.localHold
    if (!outcome.ok && outcome.code !== 'ended') {
      notify('call', { kind: 'warning', title: 'The other side did not agree', advice: `Holding the call did not work (${outcome.reason}). You can mute yourself instead.` })
    }
    this.#draw(call)
  }

  async #press(digit: string): Promise<void> {
    const call = this.#call
    if (call?.state.name !== 'established') return
    this.#ringer.key(digit)
    this.#panel.addDigit(digit)
    const outcome = await call.dtmf(digit)
    if (!outcome.ok && outcome.code !== 'ended') {
      notify('call', { kind: 'warning', title: 'The other side takes no tones', advice: 'Its phone understands neither tones in the sound nor in messages. Say the digits instead.' })
    }
  }

  #dismiss(): void {
    this.#panel.close()
    this.#ringer.stop()
    dismiss('call')
    if (this.#line !== undefined) this.#target.focus()
  }

  #listenForKeys(): void {
    const when = (views: readonly (string | undefined)[], act: () => void): boolean => {
      if (!views.includes(this.#panel.view)) return false
      act()
      return true
    }
    const talking = ['active', 'held']
    listenForShortcuts({
      answer: () => when(['incoming'], () => void this.#answer()),
      end: () => when(['incoming', 'calling', 'ringing', 'connecting', ...talking], () => void this.#call?.hangUp()),
      mute: () => when(talking, () => void this.#toggleMute()),
      hold: () => when(talking, () => void this.#toggleHold()),
      keypad: () => when(talking, () => this.#panel.toggleKeypad()),
      digit: (digit) => when(talking, () => void this.#press(digit)),
      dial: () => {
        if (this.#line === undefined) return false
        this.#target.focus()
        return true
      },
      help: () => {
        element('help', HTMLDialogElement).showModal()
        return true
      },
    })
  }
}

/** How a person of this server is called; others by their whole address. */
function nameOf({ remote }: Call, news: OnlineNews | undefined): string {
  if (remote.displayName !== undefined && remote.displayName !== '') return remote.displayName
  const { uri } = remote
  if (!('decodedUser' in uri) || uri.decodedUser === undefined) return uri.toString()
  return uri.host === news?.domain || uri.host === location.hostname ? uri.decodedUser : `${uri.decodedUser}@${uri.host}`
}

new Softphone()

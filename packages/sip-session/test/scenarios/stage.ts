import { expect } from 'vitest'
import { RegistrationError, redirects, reliableProvisional, sessionTimer, transfers } from '../../src/index.js'
import type { Call, CallOptions, Extension, UserAgentOptions } from '../../src/index.js'
import { createFakeMedia, createTestNetwork } from '../../src/testing/index.js'
import type { FakeOperation, FakeScript, FakeStep, TestNetwork, TestNetworkOptions } from '../../src/testing/index.js'
import { EMPTY } from '../support/nothing-left.js'
import { Actor } from './actor.js'
import { momentsOf } from './script.js'
import type { Scenario } from './script.js'
import { ScriptedPeer } from './scripted-peer.js'
import { Wire } from './wire.js'

/** What is to be seen at the end. */
export interface Sight {
  readonly wire: string
  readonly actors: ReadonlyMap<string, string>
}

const NAMES = ['alice', 'bob', 'carol'] as const
/** ms between moments, so that what was said has arrived where nothing is lost. */
const CALM = 1000
/** Longest time for one deed, in ms: longer than any transaction and any ringing. */
const PATIENCE = 400_000

/** The world of one scenario: a network in virtual time, and the actors. */
export class Stage {
  readonly #network: TestNetwork
  readonly #wire = new Wire()
  readonly #actors = new Map<string, Actor>()
  readonly #peer: ScriptedPeer

  constructor(scenario: Scenario, conditions: TestNetworkOptions) {
    const network = (this.#network = createTestNetwork(conditions))
    for (const name of NAMES) {
      const options = optionsOf(scenario.lines.get(`options ${name}`) ?? '')
      const script = mediaScript(scenario.lines.get(`media ${name}`) ?? '')
      const media = options.words.includes('no-media') ? undefined : createFakeMedia({ clock: network.clock, script, tones: !options.words.includes('no-tones') })
      const extensions = extensionsOf(options.words, (call) => this.#actors.get(name)?.add(call))
      const agent = network.agent(name, { ...(media && { media: media.factory }), extensions, ...options.agent })
      agent.on('trace', this.#wire.watch(name))
      if (!options.words.includes('deaf')) agent.on('message', (message) => this.#actors.get(name)?.seen.push(`text:${message.text}`))
      this.#actors.set(name, new Actor(name, agent, media))
    }
    this.#peer = new ScriptedPeer(network, conditions.transport ?? 'UDP', this.#wire.watch('peer'))
  }

  /** Plays the script to its end, and until nothing waits any more. */
  async play(script: string): Promise<Sight> {
    for (const { deeds, pause } of momentsOf(script)) {
      if (pause > 0) await this.#network.advance(pause)
      else {
        await this.#network.run(Promise.all(deeds.map((deed) => this.#perform(deed))), PATIENCE)
        await this.#network.advance(CALM)
      }
    }
    await this.#network.advance(PATIENCE)
    const actors = new Map([...this.#actors.values()].map(({ name, seen }) => [name, seen.join(' ')]))
    return { wire: this.#wire.toString(), actors }
  }

  /** Expects that no transaction, timer, dialog or call is left, and after closing no alarm. */
  async expectNothingLeft(): Promise<void> {
    for (const { name, agent } of this.#actors.values()) expect({ ...agent.size, connections: 0 }, `what ${name} has left`).toEqual(EMPTY)
    await this.#network.run(this.#peer.close())
    await this.#network.close()
    await this.#network.advance(1000)
    expect(this.#network.clock.pending, 'alarms left').toBe(0)
  }

  async #perform(deed: string): Promise<void> {
    const [who = '', verb = '', ...words] = deed.split(/\s+/)
    if (who === 'peer') return this.#performPeer(verb, words)
    if (who === 'network') return this.#performNetwork(verb, words)
    const actor = this.#actor(who)
    if (verb === 'calls' || verb === 'texts' || verb === 'asks') return this.#reach(actor, verb, words)
    if (verb === 'registers') return actor.agent.register().then(() => undefined, (error: unknown) => void actor.seen.push(`register:${error instanceof RegistrationError ? error.code : 'error'}`))
    if (verb === 'unregisters') return actor.agent.unregister()
    if (verb === 'closes') return actor.agent.close()
    return performCall(actor, verb, words)
  }

  async #reach(actor: Actor, verb: string, [target = '', ...words]: readonly string[]): Promise<void> {
    const to = target === 'peer' ? this.#peer.uri : target
    if (verb === 'texts') {
      actor.note('text', await actor.agent.message(to, words.join(' ')))
      return
    }
    if (verb === 'asks') {
      actor.note('ask', await actor.agent.options(to))
      return
    }
    actor.add(actor.agent.call(to, callOptions(words)))
  }

  async #performPeer(verb: string, words: readonly string[]): Promise<void> {
    switch (verb) {
      case 'says': return this.#peer.says(words)
      case 'answers':
        this.#peer.answers(words)
        return
      case 'withholds':
        this.#peer.withholds(words)
        return
      case 'sends': return this.#peer.sends(words, undefined)
      case 'gets':
        await this.#peer.next(words[0] ?? '')
        return
      case 'calls': return this.#peer.sends(['INVITE', ...words.slice(1)], this.#hostOf(words[0] ?? ''))
      case 'tells': return this.#peer.sends(words.slice(1), this.#hostOf(words[0] ?? ''))
      default: throw new SyntaxError(`The peer does not know how it ${verb}.`)
    }
  }

  /** `network cuts alice bob`, `network heals alice bob`. */
  async #performNetwork(verb: string, [one = '', other = '']: readonly string[]): Promise<void> {
    const ends = [this.#address(one), this.#address(other)] as const
    const { datagrams } = this.#network
    if (verb === 'cuts') datagrams.partition(...ends)
    else if (verb === 'heals') datagrams.heal(...ends)
    else throw new SyntaxError(`The network does not know how it ${verb}.`)
  }

  #address(name: string): string {
    return name === 'peer' ? '192.0.2.99:5060' : this.#network.addressOf(name)
  }

  #hostOf(name: string): string {
    return this.#network.addressOf(name).replace(/:\d+$/, '')
  }

  #actor(name: string): Actor {
    const actor = this.#actors.get(name)
    if (actor === undefined) throw new SyntaxError(`Nobody is called ${name}.`)
    return actor
  }
}

/** What an actor does with its call. */
async function performCall(actor: Actor, verb: string, words: readonly string[]): Promise<void> {
  // `late`: what is done to a call that is over, or is one's own.
  const late = words.includes('late')
  const theirs = (): Promise<Call> => (late ? Promise.resolve(actor.call) : actor.incoming())
  const [first = ''] = words.filter((word) => word !== 'late')
  switch (verb) {
    case 'answers': {
      const call = await theirs()
      return actor.attempt('answer', () => call.answer())
    }
    case 'rings': {
      const call = await theirs()
      return actor.attempt('ring', () => call.ring(first === 'early' ? { earlyMedia: true } : first === '' ? {} : { status: Number(first) }))
    }
    case 'rejects': {
      const call = await theirs()
      return actor.attempt('reject', () => call.reject(first === '' ? undefined : Number(first)))
    }
    case 'waits':
      await (first === 'ring' ? actor.incoming() : first === 'end' ? actor.call.ended : actor.call.answered)
      return
    // It lasts until the peer knows; what the others do meanwhile is the next moment.
    case 'hangs':
      void actor.attempt('hang-up', () => actor.call.hangUp())
      return
    case 'holds': return actor.attempt('hold', () => actor.call.hold())
    case 'resumes': return actor.attempt('resume', () => actor.call.resume())
    case 'mutes': return actor.attempt('mute', () => actor.call.mute())
    case 'unmutes': return actor.attempt('unmute', () => actor.call.unmute())
    case 'dials': return actor.attempt('dial', () => actor.call.dtmf(first))
    case 'sends': return actor.attempt(first, () => actor.sends(words))
    case 'transfers': return transfer(actor, first)
    case 'disposes':
      actor.session.dispose()
      return
    default: throw new SyntaxError(`${actor.name} does not know how to ${verb}.`)
  }
}

function callOptions(words: readonly string[]): CallOptions {
  return { ...(words.includes('offerless') && { offerless: true }), ...(words.includes('+') && { body: 'v=0\r\n' }) }
}

/** `transfers carol`: the last call; `transfers call`: the call before the last to the last, whose other side is the target. */
async function transfer(actor: Actor, to: string): Promise<void> {
  const attended = to === 'call'
  const call = attended ? actor.calls.at(-2) : actor.call
  if (call === undefined) throw new SyntaxError(`${actor.name} has no second call.`)
  await actor.attempt('transfer', () => call.transfer(attended ? actor.call : to).outcome)
}

/** `redirects`, `reliable`, `reliable=required`, `reliable=none`, `timer=90`, `transfers`. */
function extensionsOf(words: readonly string[], add: (call: Call) => void): Extension[] {
  return words.flatMap((word) => {
    const [name, value] = word.split('=')
    switch (name) {
      case 'redirects': return [redirects()]
      case 'reliable': return [reliableProvisional({ mode: value === 'required' || value === 'none' ? value : 'supported' })]
      case 'timer': return [sessionTimer({ expires: Number(value) })]
      case 'transfers': return [transfers({ onRefer: (referral) => { add(referral.accept()) }, mayJoin: () => true })]
      default: return []
    }
  })
}

const EXTENSIONS = /^(?:reliable|timer)=/

/** `no-media no-tones deaf ringTimeout=10 autoRing=false`. */
function optionsOf(text: string): { readonly words: readonly string[]; readonly agent: Partial<UserAgentOptions> } {
  const words = text.split(/\s+/)
  const agent = Object.fromEntries(words.filter((word) => word.includes('=') && !EXTENSIONS.test(word)).map((word) => {
    const [name = '', value = ''] = word.split('=')
    return [name, value === 'true' ? true : value === 'false' ? false : Number(value)]
  }))
  return { words, agent }
}

/** `applyAnswer fails, createOffer 2000, - , …`: the steps of an operation in order; `-` is one without a surprise. */
function mediaScript(text: string): FakeScript {
  const script: Partial<Record<FakeOperation, FakeStep[]>> = {}
  for (const part of text.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [operation = '', ...steps] = part.split(/\s+/)
    script[operation as FakeOperation] = steps.map((step) => (step === 'fails' ? { failure: new RangeError('The script says so.') } : step === '-' ? {} : { delay: Number(step) }))
  }
  return script
}

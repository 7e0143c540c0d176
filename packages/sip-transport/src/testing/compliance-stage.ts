import { hostClock } from '@offhook/sip-machine/host'
import type { Adapter, AdapterFactory, Endpoint, Flow, Listener, Target } from '../adapter.js'
import { TransportError } from '../transport-error.js'
import { ComplianceError } from './compliance-error.js'
import type { ComplianceSubject } from './compliance-subject.js'
import { FlowRecorder } from './flow-recorder.js'

/** An adapter with what it told. */
export interface Part {
  readonly adapter: Adapter
  readonly recorder: FlowRecorder
}

/** A server and a client that are connected; the first octets, `first`, have arrived. */
export interface Pair {
  readonly server: Part
  readonly client: Part
  readonly listener: Listener
  readonly dialled: Flow
  readonly accepted: Flow
}

const encoder = new TextEncoder()

export function encode(text: string): Uint8Array {
  return encoder.encode(text)
}

/** What one case stands on; closes everything that was made on it. */
export class ComplianceStage {
  readonly subject: ComplianceSubject
  readonly #closables: { close(): Promise<void> }[] = []

  constructor(subject: ComplianceSubject) {
    this.subject = subject
  }

  make(factory: AdapterFactory): Part {
    const recorder = new FlowRecorder()
    return { adapter: this.keep(factory(recorder)), recorder }
  }

  keep<Closable extends { close(): Promise<void> }>(closable: Closable): Closable {
    this.#closables.push(closable)
    return closable
  }

  listening(): Part {
    return this.make(this.subject.listening())
  }

  dialling(): Part {
    return this.make(this.subject.dialling())
  }

  listen({ adapter }: Part, port = 0): Promise<Listener> {
    if (adapter.listen === undefined) throw new ComplianceError('cannot-run', 'The adapter does not listen.')
    return adapter.listen({ host: this.subject.host, port })
  }

  targetAt(local: Endpoint): Target {
    const { transport } = this.dialling().adapter
    return { transport, host: this.subject.host, port: local.port, ...this.subject.target }
  }

  async pair(): Promise<Pair> {
    const server = this.listening()
    const client = this.dialling()
    const listener = await this.listen(server)
    const dialled = await client.adapter.connect(this.targetAt(listener.local))
    dialled.send(encode('first'))
    const accepted = await server.recorder.until(() => server.recorder.logs.find((log) => log.received.length > 0)?.flow)
    return { server, client, listener, dialled, accepted }
  }

  /** Rejects with `too-slow` after so many milliseconds, unless the stage is closed before. */
  tooLate(patience: number): Promise<never> {
    return new Promise((_resolve, reject) => {
      const fail = (): void => reject(new ComplianceError('too-slow', `Nothing happened for ${patience} ms.`))
      const stop = hostClock.schedule(hostClock.now() + patience, fail)
      this.keep({
        close: () => {
          stop()
          return Promise.resolve()
        },
      })
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#closables.splice(0).map((closable) => closable.close()))
  }
}

/** The code of the {@link TransportError} that the promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const outcome: unknown = await promise.catch((error: unknown) => error)
  return outcome instanceof TransportError ? outcome.code : `no TransportError: ${String(outcome)}`
}

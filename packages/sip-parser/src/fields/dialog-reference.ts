import type { Reader } from '../attempt.js'
import { BuildError } from '../errors.js'
import { assertToken } from '../guards.js'
import type { Source } from '../octets.js'
import { Parameters } from '../values/parameters.js'
import { Value } from '../values/value.js'
import { checkedValue, present } from './checked-value.js'
import { readHead } from './head.js'
import { isCallId } from './text.js'

/** A Call-ID with the two tags of a dialog. */
abstract class DialogReference extends Value {
  readonly callId: string
  readonly parameters: Parameters

  constructor(callId: string, parameters: Parameters) {
    super()
    this.callId = callId
    this.parameters = parameters
  }

  toString(): string {
    return this.callId + this.parameters.toString()
  }
}

/** The dialog a new one takes the place of (RFC 3891 §6.1). Immutable. */
export class Replaces extends DialogReference {
  /**
   * Throws BuildError.
   *
   * @example Replaces.of('425928@phone.example.org', { toTag: '7743', fromTag: '6472' })
   */
  static of(callId: string, { toTag, fromTag, earlyOnly }: { readonly toTag: string; readonly fromTag: string; readonly earlyOnly?: boolean }): Replaces {
    return checkedValue(new Replaces(callId, tagged(callId, ['to-tag', toTag], ['from-tag', fromTag], ['early-only', earlyOnly === true ? '' : undefined])), Replaces.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Replaces> = (source, start, end) => new Replaces(...callIdAndParameters(source, start, end))

  get toTag(): string | undefined {
    return this.parameters.get('to-tag')
  }
  get fromTag(): string | undefined {
    return this.parameters.get('from-tag')
  }
  /** Only while the other dialog is early. */
  get earlyOnly(): boolean {
    return this.parameters.has('early-only')
  }
}

/** The dialog to join into a conference (RFC 3911 §7.1). Immutable. */
export class Join extends DialogReference {
  /**
   * Throws BuildError.
   *
   * @example Join.of('12adf2f34456gs5', { toTag: '12345', fromTag: '54321' })
   */
  static of(callId: string, { toTag, fromTag }: { readonly toTag: string; readonly fromTag: string }): Join {
    return checkedValue(new Join(callId, tagged(callId, ['to-tag', toTag], ['from-tag', fromTag])), Join.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<Join> = (source, start, end) => new Join(...callIdAndParameters(source, start, end))

  get toTag(): string | undefined {
    return this.parameters.get('to-tag')
  }
  get fromTag(): string | undefined {
    return this.parameters.get('from-tag')
  }
}

/** A dialog the sender knows, to show that the request is welcome (RFC 4538 §7). Immutable. */
export class TargetDialog extends DialogReference {
  /**
   * Throws BuildError.
   *
   * @example TargetDialog.of('fa77as7dad8-sd98ajzz@host.example.com', { localTag: 'kkaz-', remoteTag: '6544' })
   */
  static of(callId: string, { localTag, remoteTag }: { readonly localTag: string; readonly remoteTag: string }): TargetDialog {
    return checkedValue(new TargetDialog(callId, tagged(callId, ['local-tag', localTag], ['remote-tag', remoteTag])), TargetDialog.read)
  }

  /** @internal Throws ParseError. */
  static readonly read: Reader<TargetDialog> = (source, start, end) => new TargetDialog(...callIdAndParameters(source, start, end))

  get localTag(): string | undefined {
    return this.parameters.get('local-tag')
  }
  get remoteTag(): string | undefined {
    return this.parameters.get('remote-tag')
  }
}

function tagged(callId: string, ...list: readonly (readonly [name: string, value: string | undefined])[]): Parameters {
  if (!isCallId(callId)) throw new BuildError('value', 'Call-ID', callId)
  for (const [name, value] of list) if (name.endsWith('tag')) assertToken(value ?? '', name)
  return Parameters.of(present(...list))
}

function callIdAndParameters(source: Source, start: number, end: number): [callId: string, parameters: Parameters] {
  const [[, callId = ''], parameters] = readHead(/^([!-:<-~]+)\s*(?=;|$)/, source, start, end)
  return [callId, parameters]
}

import { BuildError } from '../errors.js'
import type { NameAddr } from '../values/name-addr.js'
import type { Parameters } from '../values/parameters.js'
import { parseUri, type Uri } from '../values/uri.js'
import type { SipUri } from '../values/sip-uri.js'
import type { Via } from '../values/via.js'
import { numberOf } from './head.js'
import { qualityOf } from './security-mechanism.js'

// Parameters of Contact, of URIs and of Via that have a syntax of their own.

/** What a registration says about one contact. */
export interface ContactParameters {
  /** Seconds (RFC 3261 §20.10). */
  readonly expires: number | undefined
  /** 0 to 1, the higher the sooner (RFC 3261 §20.10). */
  readonly q: number | undefined
  /** URN of the device, without quotes and brackets (`+sip.instance`, RFC 5626 §4.1). */
  readonly instance: string | undefined
  /** Which flow of the device it is, 1 to 2^31-1 (`reg-id`, RFC 5626 §4.2). */
  readonly regId: number | undefined
  /** GRUUs the registrar made (RFC 5627 §4.2). */
  readonly publicGruu: Uri | undefined
  readonly temporaryGruu: Uri | undefined
}

/**
 * The parameters of a Contact value; what is absent or cannot be read is undefined.
 *
 * @example contactParameters(contact).instance
 */
export function contactParameters({ parameters }: NameAddr): ContactParameters {
  const regId = numberOf(parameters, 'reg-id') ?? 0
  return {
    expires: numberOf(parameters, 'expires'),
    q: qualityOf(parameters),
    instance: parameters.get('+sip.instance')?.replace(/^<(.*)>$/, '$1'),
    regId: regId > 0 && regId < 0x8000_0000 ? regId : undefined,
    publicGruu: uriOf(parameters, 'pub-gruu'),
    temporaryGruu: uriOf(parameters, 'temp-gruu'),
  }
}

/**
 * The contact of a device that registers a flow (RFC 5626 §4.2). Throws BuildError.
 *
 * @example outboundContact(contact, 'urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF', 1)
 */
export function outboundContact(contact: NameAddr, instance: string, regId: number): NameAddr {
  if (!/^[\w\-.!~*'()%;/?:@&=+$,]+$/.test(instance)) throw new BuildError('value', '+sip.instance', instance)
  if (!Number.isInteger(regId) || regId < 1 || regId >= 0x8000_0000) throw new BuildError('value', 'reg-id', String(regId))
  return contact.with({ parameters: contact.parameters.with('+sip.instance', `"<${instance}>"`).with('reg-id', regId) })
}

/** Parameters of a SIP URI that name a device, not an address of record. */
export interface DeviceParameters {
  /** Requests to this URI use the flow they were registered over (`ob`, RFC 5626 §5). */
  readonly ob: boolean
  /** '' in a temporary GRUU, the instance in a public one, undefined when the URI is no GRUU (`gr`, RFC 5627 §3.1). */
  readonly gr: string | undefined
  /** The push service to wake the device with (RFC 8599 §14); each as written. */
  readonly pnProvider: string | undefined
  readonly pnParam: string | undefined
  readonly pnPrid: string | undefined
  readonly pnPurr: string | undefined
}

/** The parameters of a URI that name a device. */
export function deviceParameters({ parameters }: SipUri): DeviceParameters {
  return {
    ob: parameters.has('ob'), gr: parameters.get('gr'), pnProvider: parameters.get('pn-provider'),
    pnParam: parameters.get('pn-param'), pnPrid: parameters.get('pn-prid'), pnPurr: parameters.get('pn-purr'),
  }
}

/** Overload control between neighbours (RFC 7339 §4). */
export interface OverloadControl {
  /** '' when it is offered only; of loss control the percentage to drop, of rate control (RFC 7415) requests a second. */
  readonly oc: number | ''
  /** `loss`, `rate` … */
  readonly algorithms: readonly string[]
  /** Milliseconds the value holds for; undefined when absent. */
  readonly validity: number | undefined
  /** Rises with every new value. */
  readonly sequence: number | undefined
}

/** Overload control in a Via value; undefined when it is not there or cannot be read (RFC 7339 §4). */
export function overloadControl({ parameters }: Via): OverloadControl | undefined {
  const oc = parameters.get('oc') === '' ? '' : numberOf(parameters, 'oc')
  const sequence = parameters.get('oc-seq') ?? ''
  if (oc === undefined) return undefined
  return {
    oc,
    algorithms: listOf(parameters.get('oc-algo') ?? ''),
    validity: numberOf(parameters, 'oc-validity'),
    sequence: /^\d{1,12}\.\d{1,5}$/.test(sequence) ? Number(sequence) : undefined,
  }
}

/**
 * The values of a feature tag of a Contact, Accept-Contact or Feature-Caps value: `["TRUE"]` for a bare tag, a string in its brackets,
 * a negated one with its `!`; undefined when the tag is absent (RFC 3840 §9).
 *
 * @example featureTag(contact.parameters, 'methods')?.includes('INVITE')
 */
export function featureTag(parameters: Parameters, tag: string): readonly string[] | undefined {
  const text = parameters.get(tag)
  if (text === undefined) return undefined
  if (text === '') return ['TRUE']
  return text.startsWith('<') ? [text] : listOf(text)
}

function listOf(text: string): string[] {
  return text.split(',').map((one) => one.trim()).filter((one) => one !== '')
}

function uriOf(parameters: Parameters, name: string): Uri | undefined {
  const uri = parseUri(parameters.get(name) ?? '')
  return uri.ok ? uri.value : undefined
}

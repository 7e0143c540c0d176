import { NameAddr } from '../values/name-addr.js'
import { type Finding, type Rule, rulesOf, when } from './lint-rule.js'
import type { Subject } from './subject.js'

/** IANA "SIP Option Tags". */
const optionTags: readonly string[] = ('100rel 199 answermode early-session eventlist explicitsub from-change geolocation-http geolocation-sip gin gruu histinfo ice join '
  + 'multiple-refer norefersub nosub outbound path policy precondition pref privacy recipient-list-invite recipient-list-message recipient-list-subscribe record-aware '
  + 'replaces resource-priority sdp-anat sec-agree siprec tdialog timer trickle-ice uui').split(' ')

/** Rules that extensions of SIP add. */
export const extensionRules: readonly Rule[] = /* @__PURE__ */ rulesOf([
  ['unknown-option-tag', 'note', '27.1',
    (subject) => ['Require', 'Proxy-Require', 'Supported'].flatMap((name) => subject.tokens(name).filter((tag) => !optionTags.includes(tag)).map((tag): Finding => [name, tag]))],
  ['reliable-100', 'error', '3262 3',
    (subject) => when(subject.statusCode === 100 && isReliable(subject), 'Require')],
  ['reliable-rseq', 'error', '3262 3',
    (subject) => when(subject.isClass(1) && isReliable(subject) && !subject.has('RSeq'), 'Require', '100rel')],
  ['reliable-require', 'error', '3262 3',
    (subject) => when(subject.isClass(1) && subject.has('RSeq') && !isReliable(subject), 'RSeq')],
  ['replaces-and-join', 'error', '3911 4',
    (subject) => when(subject.has('Replaces') && subject.has('Join'), 'Join')],
  ['dialog-reference', 'error', '3891 6.1',
    (subject) => [...lacks(subject, 'Replaces', 'to-tag from-tag', '3891 §6.1'), ...lacks(subject, 'Join', 'to-tag from-tag', '3911 §7.1'), ...lacks(subject, 'Target-Dialog', 'remote-tag local-tag', '4538 §7')]],
  ['session-interval', 'error', '4028 5',
    (subject) => ['Session-Expires', 'Min-SE'].filter((name) => subject.has(name) && Number(subject.main(name)) < Math.max(90, name === 'Min-SE' ? 0 : Number(subject.main('Min-SE') || 0))).map((name): Finding => [name])],
  ['session-refresher', 'error', '4028 9',
    (subject) => when(subject.isClass(2) && subject.parameters('Session-Expires').some((each) => !each.has('refresher')), 'Session-Expires')],
  ['session-require', 'error', '4028 9',
    (subject) => when(subject.isClass(2) && subject.parameters('Session-Expires').some((each) => each.get('refresher') === 'uac') && !subject.tokens('Require').includes('timer'), 'Session-Expires')],
  ['privacy-values', 'error', '3323 4.2',
    (subject) => when(contradicts((subject.message.headers.get('Privacy') ?? '').toLowerCase().split(/[;,]/).map((one) => one.trim())), 'Privacy')],
  ['asserted-identity', 'error', '3325 9.1',
    (subject) => ['P-Asserted-Identity', 'P-Preferred-Identity'].filter((name) => !isIdentity(subject.addresses(name, NameAddr.read).map(({ uri }) => uri.scheme === 'sips' ? 'sip' : uri.scheme))).map((name): Finding => [name])],
  ['identity-date', 'warning', '8224 6.1',
    (subject) => when(subject.has('Identity') && !subject.has('Date'), 'Identity')],
  ['subscription-state', 'error', '6665 4.2.2',
    (subject) => when(['active', 'pending'].includes(subject.main('Subscription-State')) && subject.parameters('Subscription-State').some((each) => !each.has('expires')), 'Subscription-State')],
])

function isReliable(subject: Subject): boolean {
  return subject.tokens('Require').includes('100rel')
}

function lacks(subject: Subject, name: string, tags: string, section: string): Finding[] {
  return subject.parameters(name).filter((each) => tags.split(' ').some((tag) => !each.has(tag))).map((): Finding => [name, undefined, `RFC ${section}`])
}

/** `none` stands alone, `critical` does not. */
function contradicts(values: readonly string[]): boolean {
  return values.length > 1 ? values.includes('none') : values.includes('critical')
}

function isIdentity(schemes: readonly string[]): boolean {
  return schemes.length < 2 ? schemes.every((scheme) => scheme === 'sip' || scheme === 'tel') : schemes.length === 2 && schemes.includes('sip') && schemes.includes('tel')
}

import { describe, expect, it } from 'vitest'
import { parseMessage } from '../../src/index.js'
import { rules, validateMessage } from '../../src/lint/index.js'
import { filesUnder, hasCorpus, readCorpus } from '../corpus.js'

/** What is an error in the examples of RFCs, and why the RFC prints it. */
const faults: readonly (readonly [finding: string, messages: number, reason: string])[] = [
  ['rfc3261 missing-header Contact', 1, 'the INVITE of §17.1.1.3 is there for its Via only'],
  ['rfc3325 missing-header Contact', 7, 'the examples leave out what does not matter for P-Asserted-Identity'],
  ['rfc3665 digest-parameters Authorization', 1, 'qop without nc and cnonce'],
  ['rfc3680 missing-header Subscription-State', 2, 'written before RFC 3265 was finished'],
  ['rfc3857 missing-header Subscription-State', 1, 'written before RFC 3265 was finished'],
  ['rfc3857 subscription-state Subscription-State', 2, 'RFC 3265 had SHOULD where RFC 6665 has MUST'],
  ['rfc4028 session-interval Session-Expires', 1, 'the example whose interval is refused with 422'],
  ['rfc4244 dialog-tag To', 2, 'the ACK lacks the tag of the response'],
  ['rfc4730 dialog-tag To', 1, 'the tags of the dialog are left out'],
  ['rfc4730 missing-header Contact', 1, 'left out'],
  ['rfc5359 missing-header Contact', 1, 'the 200 to SUBSCRIBE is abbreviated'],
  ['rfc5359 missing-header Expires', 2, 'the 200 to SUBSCRIBE is abbreviated'],
  ['rfc5407 missing-header Contact', 7, 're-INVITE and UPDATE without Contact'],
  ['rfc5589 dialog-reference Replaces', 1, 'the page break put a blank into from-tag'],
  ['rfc5589 missing-header Contact', 1, 'the REFER is abbreviated'],
  ['rfc5589 missing-header Refer-To', 1, 'the REFER is abbreviated'],
  ['rfc5626 missing-header Contact', 1, 'the NOTIFY is abbreviated'],
  ['rfc5806 missing-header Contact', 12, 'the examples leave out what does not matter for Diversion'],
  ['rfc7131 missing-header Contact', 1, 'the 200 is abbreviated'],
  ['rfc7315 missing-header Contact', 3, 'the examples leave out what does not matter for P-Called-Party-ID'],
  ['rfc7463 dialog-tag To', 1, 'the tag is left out'],
  ['rfc8599 register-uri ', 2, 'the Request-URI of REGISTER has a user part'],
]

describe.skipIf(!hasCorpus)('validateMessage on the clean messages of RFC texts', () => {
  it('finds no error but these, each of them one of the example', () => {
    const codes = new Set<string>(rules.map(({ code }) => code))
    const counts = new Map<string, number>()
    for (const file of filesUnder('flows').filter((name) => !name.includes('/suspect/'))) {
      const octets = readCorpus(file)
      const result = parseMessage(octets)
      if (!result.ok) continue
      const errors = validateMessage(result.value, octets).filter(({ severity, code }) => severity === 'error' && codes.has(code))
      for (const { code, header = '' } of errors) {
        const finding = `${file.split('/')[1] ?? ''} ${code} ${header}`
        counts.set(finding, (counts.get(finding) ?? 0) + 1)
      }
    }
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(faults.map(([finding, messages]) => [finding, messages])))
  })
  it('never throws, on whatever can be parsed', () => {
    for (const file of [...filesUnder('rfc4475'), ...filesUnder('rfc5118'), ...filesUnder('flows'), ...filesUnder('wild')]) {
      const octets = readCorpus(file)
      const result = parseMessage(octets)
      if (result.ok) for (const { offset, length = 0 } of validateMessage(result.value, octets)) expect(offset >= 0 && offset + length <= octets.length, file).toBe(true)
    }
  })
})

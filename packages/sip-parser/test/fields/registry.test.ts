import { describe, expect, it } from 'vitest'
import { headerFields } from '../../src/fields/index.js'
import { HeaderFields } from '../../src/index.js'
import { hasRfcTexts, registeredNames } from './registered-names.js'

/** Names the RFC texts give that we leave out, with the reason. */
const leftOut: Readonly<Record<string, string>> = {}
/** Names of the registry whose RFC or specification is not among the texts. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'RFC 3313, 4457, 4964, 5318': ['P-Answer-State', 'P-Media-Authorization', 'P-Refused-URI-List', 'P-User-Database'],
  'registered by 3GPP': ['Additional-Identity', 'Attestation-Info', 'Cellular-Network-Info', 'DC-Info', 'Origination-Id', 'Priority-Share', 'Priority-Verstat', 'Relayed-Charge', 'Resource-Share', 'Response-Source', 'Restoration-Info', 'Service-Interact-Info'],
}
const ours = headerFields.map(({ name }) => name)

describe('headerFields', () => {
  it.skipIf(!hasRfcTexts)('has every name the RFC texts register or define', () => {
    const names = registeredNames()
    expect(Array.from(names).filter(([name]) => !ours.includes(name) && !(name in leftOut)).map(([name, rfcs]) => `${name}: ${rfcs.join(' ')}`)).toEqual([])
    expect(Object.keys(leftOut).filter((name) => ours.includes(name) || !names.has(name))).toEqual([])
    // The other way round: nothing of our own making, and the extraction finds what it is to find.
    const known = Object.values(elsewhere).flat()
    expect(ours.filter((name) => !names.has(name) && !known.includes(name))).toEqual([])
    expect(names.get('Path')).toContain('rfc3327')
    expect(names.get('Warning')).toContain('rfc3261')
  })
  it('names each once, in alphabetical order, with its section', () => {
    expect(new Set(ours.map((name) => name.toLowerCase())).size).toBe(ours.length)
    expect(ours).toEqual(ours.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))
    for (const { name, section } of headerFields) expect(`${name}: ${section}`).toMatch(/^[\w-]+: (RFC \d+( §[\d.]+)?(, RFC \d+ §[\d.]+)?|3GPP TS [\d.]+( §[\d.]+)?)$/)
  })
  it('an unknown field keeps name, case, order and text; names of Object are names', () => {
    const headers = new HeaderFields([])
    for (const name of ['X-Odd', '__proto__', 'constructor', 'toString', 'x-ODD']) headers.append(name, ` ${name} , "v `)
    expect(Array.from(headers)).toEqual(['X-Odd', '__proto__', 'constructor', 'toString', 'x-ODD'].map((name) => [name, `${name} , "v`]))
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const field = { name, section: 'none', read: headerFields[0]!.read }
      expect(ours).not.toContain(name)
      expect(new HeaderFields([]).read(field)).toEqual([])
    }
  })
})

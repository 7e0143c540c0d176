import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of RFC texts beside the repository; a clone elsewhere does not have it. */
const root = fileURLToPath(new URL('../../../../../shared/rfc/', import.meta.url))

export const hasRfcTexts: boolean = existsSync(root)
if (!hasRfcTexts) console.warn('skipped: ../shared/rfc is not here, the list of header fields is not compared with the RFCs')

// Not SIP: CPIM headers, bodies of event packages, the SIP of 1999 with its withdrawn fields, other protocols that share the notation.
const otherProtocols = new Set(['rfc2543', 'rfc3862', 'rfc3842', 'rfc6035', 'rfc4975', 'rfc4976', 'rfc2326', 'rfc6230', 'rfc3858', 'rfc5322', 'rfc2045', 'rfc2046', 'rfc2183'])

/** Path of an RFC text. */
export function rfcFile(rfc: number): string {
  return `${root}rfc${rfc}.txt`
}

/** Names of SIP header fields, each with the RFCs that register or define it. */
export function registeredNames(): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  for (const file of readdirSync(root).filter((one) => /^rfc\d+\.txt$/.test(one))) {
    const rfc = file.slice(0, -4)
    if (otherProtocols.has(rfc)) continue
    const text = readFileSync(root + file, 'utf8')
    for (const name of [...definitions(text), ...registrations(text), ...tableRows(text)]) {
      const known = names.get(name) ?? []
      if (!known.includes(rfc)) names.set(name, [...known, rfc])
    }
  }
  return names
}

/** `Path = "Path" HCOLON …` */
function definitions(text: string): string[] {
  return Array.from(text.matchAll(/=\s+\(?\s*"([A-Z][\w-]+)"(?:\s*\/\s*"\w"\s*\))?\s+HCOLON/g), ([, name = '']) => name)
}

/** `Header Name: RSeq`, and the rows below `Header Name  compact  Reference`. */
function registrations(text: string): string[] {
  const single = Array.from(text.matchAll(/^[ \to]*Header (?:Field )?Name:\s+([A-Z][\w-]+)\s*$/gm), ([, name = '']) => name)
  const tables = Array.from(text.matchAll(/^[ |]*Header (?:Field )?Name[ |]+Compact(?: Form)?[ |]+Reference.*\n((?:.*\n){1,12})/gim), ([, rows = '']) => rows)
  const listed = tables.flatMap((rows) => Array.from(rows.matchAll(/^[ |]*([A-Z][A-Za-z]*(?:-[A-Z][\w]*)*)[ |]+(?:[a-z] |none|\(none\)| |\|).*RFC ?\d+/gm), ([, name = '']) => name))
  return [...single, ...listed]
}

/** Rows of the tables 2 and 3 of RFC 3261 and of their extensions: name, where, who changes it, then one mark for each method. */
function tableRows(text: string): string[] {
  return Array.from(text.matchAll(/^ {2,8}([A-Z][A-Za-z]*(?:-[A-Z][\w]*)*) {1,}(?:[Rr](?:\(1\))?|[1-6x\d][\dx,]*(?:,| )?|c)?(?: *\(\d\))? *[admrc]*(?: +(?:[-ocmt]\*?|m\*|\*)){3,} *$/gm), ([, name = '']) => name)
}

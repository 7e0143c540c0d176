import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The text of an RFC from the shared folder beside the repository, without page breaks; undefined where there is no such folder. */
export function rfcText(number: number): string | undefined {
  const path = fileURLToPath(new URL(`../../../../shared/rfc/rfc${number}.txt`, import.meta.url))
  if (!existsSync(path)) return undefined
  return readFileSync(path, 'utf8').replace(/\n{2,}[^\n]*\[Page \d+\]\n\f?\n?RFC \d[^\n]*\n{2,}/g, '\n\n')
}

/** Every session description printed in the text: the lines from a `v=0` on, unindented. */
export function descriptionsIn(text: string): readonly string[] {
  const found: string[][] = []
  let open: string[] | undefined
  for (const line of text.split('\n').map((raw) => raw.replace(/^ +/, ''))) {
    if (line === 'v=0') found.push((open = []))
    if (open === undefined || line.trim() === '') continue
    if (/^[a-z]=/.test(line)) open.push(line)
    else open = undefined
  }
  return found.map((lines) => lines.join('\r\n') + '\r\n')
}

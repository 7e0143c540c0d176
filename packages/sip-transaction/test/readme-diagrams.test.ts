import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inviteClientTable, inviteServerTable, nonInviteClientTable, nonInviteServerTable } from '../src/index.js'
import { stateDiagram } from './support/state-diagram.js'

const readme = new URL('../README.md', import.meta.url)

const diagrams = {
  InviteClientTransaction: stateDiagram(inviteClientTable),
  NonInviteClientTransaction: stateDiagram(nonInviteClientTable),
  InviteServerTransaction: stateDiagram(inviteServerTable),
  NonInviteServerTransaction: stateDiagram(nonInviteServerTable),
}

const sectionOf = (name: string): RegExp => new RegExp(`(\\n\\*\\*${name}\\*\\*[^\\n]*\\n)\`\`\`mermaid\\n(?:[\\s\\S]*?\\n)??\`\`\``)

describe('the diagrams in the README', () => {
  it.each(Object.entries(diagrams))('%s is drawn from its table (UPDATE_README=1 draws it anew)', (name, diagram) => {
    if (process.env['UPDATE_README'] === '1') {
      const text = readFileSync(readme, 'utf8')
      writeFileSync(readme, text.replace(sectionOf(name), (_match, heading: string) => `${heading}${diagram}`))
    }
    const section = sectionOf(name).exec(readFileSync(readme, 'utf8'))?.[0]
    expect(section?.slice(section.indexOf('```'))).toBe(diagram)
  })
})

// Compares what the systems read of every message of the corpus: a row of the table counts only when they agree.
import { mix } from './corpus/messages.ts'
import { fullReaders, routeReaders } from './subjects/parse.ts'

/** Differences between the readers, at most ten, as text. */
export function differences(): string[] {
  const found: string[] = []
  for (const [task, readers] of [['routing set', routeReaders], ['everything', fullReaders]] as const) {
    const [[, first] = [], ...others] = Object.entries(readers)
    mix().forEach((bytes, index) => {
      // sip.js takes 2 ms a message; every twelfth will do for it.
      const ours: unknown = first?.(bytes)
      for (const [system, reader] of others) {
        if (system === 'sip.js' && index % 13 !== 0) continue
        const theirs: unknown = reader(bytes)
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) found.push(`${task}, message ${index}: offhook ${JSON.stringify(ours)}, ${system} ${JSON.stringify(theirs)}`)
      }
    })
  }
  return found.slice(0, 10)
}

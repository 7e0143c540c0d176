// DESIGN's table: which package may import which, and the order of the folders inside sip-session.

/** Package → its rank and what it may import. A lower rank is nearer to the ground. */
export const table: Readonly<Record<string, { readonly rank: number; readonly may: readonly string[] }>> = {
  'sip-parser': { rank: 0, may: [] },
  'sip-sdp': { rank: 0, may: [] },
  'sip-machine': { rank: 0, may: [] },
  'sip-auth': { rank: 1, may: ['sip-machine', 'sip-parser'] },
  'sip-transaction': { rank: 1, may: ['sip-machine', 'sip-parser'] },
  'sip-transport': { rank: 1, may: ['sip-machine', 'sip-parser'] },
  'sip-transport-websocket': { rank: 2, may: ['sip-transport'] },
  'sip-transport-node': { rank: 2, may: ['sip-machine', 'sip-parser', 'sip-transport'] },
  'sip-session': { rank: 2, may: ['sip-machine', 'sip-parser', 'sip-auth', 'sip-transaction', 'sip-transport', 'sip-transport-websocket'] },
  'sip-server': { rank: 2, may: ['sip-machine', 'sip-parser', 'sip-auth', 'sip-transaction', 'sip-transport'] },
  'sip-trace': { rank: 2, may: ['sip-parser'] },
  'sip-webrtc': { rank: 3, may: ['sip-machine', 'sip-parser', 'sip-sdp', 'sip-session', 'sip-trace'] },
  'sip-cli': {
    rank: 4,
    may: ['sip-machine', 'sip-parser', 'sip-sdp', 'sip-auth', 'sip-transaction', 'sip-transport', 'sip-transport-node', 'sip-transport-websocket', 'sip-session', 'sip-server', 'sip-trace', 'sip-webrtc'],
  },
}

/** Private packages: they may import everything, nobody may import them. */
export const privatePackages: readonly string[] = ['bench', 'conformance', 'tooling']

/** Folders of sip-session/src, ground first. Those of one rank stand side by side and do not import each other. */
const sessionRanks: Readonly<Record<string, number>> = {
  dialog: 1, session: 2, registration: 2, subscription: 2, publication: 2, signalling: 3, call: 4, 'user-agent': 5, transfer: 6, events: 6, extensions: 6, testing: 7,
}

/** What is wrong with package `from` importing package `to`; undefined when it may. */
export function packageFault(from: string, to: string): string | undefined {
  if (privatePackages.includes(from)) return undefined
  if (privatePackages.includes(to)) return 'nobody imports a private package'
  if (from === to) return 'a package imports its own files by relative paths'
  if (table[from]?.may.includes(to) !== true) return 'not in DESIGN’s table'
  return undefined
}

/** What is wrong with one file of sip-session importing another, both as paths under src/; undefined when it may. */
export function sessionFault(from: string, to: string): string | undefined {
  const [fromFolder, toFolder] = [from, to].map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : ''))
  if (fromFolder === undefined || toFolder === undefined || fromFolder === toFolder) return undefined
  // A file that stands in src/ itself is a port (ground) or an index (top).
  const rankOf = (path: string, folder: string): number => (folder === '' ? (path === 'index.ts' ? 9 : 0) : (sessionRanks[folder] ?? -1))
  const [low, high] = [rankOf(to, toFolder), rankOf(from, fromFolder)]
  if (low < 0 || high < 0) return 'a folder without a rank'
  return high > low ? undefined : 'uphill or sideways'
}

/** The first cycle in a graph, as the list of its nodes with the first repeated at the end; undefined when there is none. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (node: string): string[] | undefined => {
    const at = trail.indexOf(node)
    if (at >= 0) return [...trail.slice(at), node]
    if (done.has(node)) return undefined
    trail.push(node)
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next)
      if (cycle !== undefined) return cycle
    }
    trail.pop()
    done.add(node)
    return undefined
  }
  for (const node of graph.keys()) {
    const cycle = visit(node)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

export { Ladder } from './ladder.js'
export type { LadderOptions, LadderTextOptions } from './ladder.js'
export type { LadderEndpoint, LadderRecord, LadderRow } from './ladder-record.js'

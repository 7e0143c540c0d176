export type { Clock } from './clock.js'
export type { Instant, Machine } from './machine.js'
export type { RandomSource } from './random-source.js'

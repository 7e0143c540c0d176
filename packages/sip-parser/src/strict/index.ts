export { checkGrammar, strict } from './check-grammar.js'
export type { StrictMode } from '../parse-message.js'

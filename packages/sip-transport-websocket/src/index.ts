export { webSocketAdapter } from './web-socket-adapter.js'
export type { WebSocketAdapterOptions } from './web-socket-adapter.js'
export type { WebSocketConstructor } from './web-socket-flow.js'

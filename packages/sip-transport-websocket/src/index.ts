export { webSocketAdapter } from './web-socket-adapter.js'
export type { WebSocketAdapterOptions, WebSocketConstructor } from './web-socket-adapter.js'

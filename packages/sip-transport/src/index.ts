export type { Adapter, AdapterFactory, Endpoint, Flow, FlowReceiver, Listener, Target, TransportName } from './adapter.js'
export { TransportError } from './transport-error.js'
export type { TransportErrorCode } from './transport-error.js'

export { createFakeMedia, FakeDescriptionHandler } from './fake-description-handler.js'
export type { FakeMedia, FakeMediaOptions, FakeOperation, FakeScript, FakeStep } from './fake-description-handler.js'
export { createTestNetwork } from './test-network.js'
export type { TestNetwork, TestNetworkOptions } from './test-network.js'

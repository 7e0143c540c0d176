import { expect, it } from 'vitest'
import * as door from '../src/index.js'
import * as testing from '../src/testing/index.js'

it('offers exactly this', () => {
  expect(Object.keys(door).sort()).toEqual([
    'Binding', 'Call', 'Dialog', 'InviteClient', 'InviteUsage', 'Notifier', 'OfferAnswer', 'Publisher', 'RegistrationError', 'SessionError', 'Subscriber', 'UserAgent', 'anonymous', 'answerModes', 'assertedIdentity', 'callSnapshots', 'callerPreferences', 'events', 'history', 'incomingCalls', 'infoPackages', 'multipartBodies', 'publications', 'redirects', 'reliableProvisional', 'routeRequest', 'serverList', 'sessionIds', 'sessionTimer', 'swapCalls', 'transfers',
  ])
  expect(Object.keys(testing).sort()).toEqual(['FakeDescriptionHandler', 'createFakeMedia', 'createTestNetwork'])
})

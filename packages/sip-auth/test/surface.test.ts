import { expect, it } from 'vitest'
import * as surface from '../src/index.js'

it('the doors of the package', () => {
  expect(Object.keys(surface).sort()).toEqual(['DigestClient', 'DigestError', 'DigestServer', 'Signer', 'computeHa1', 'computeResponse', 'md5', 'sha256', 'sha512256'])
})

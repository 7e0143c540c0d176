import { expect, it } from 'vitest'
import * as surface from '../src/index.js'

it('the doors of the package', () => {
  expect(Object.keys(surface).sort()).toEqual(['DEFAULT_REGISTRAR_LIMITS', 'MemoryLocationStore', 'ServerError', 'SipServer', 'processRegister'])
})

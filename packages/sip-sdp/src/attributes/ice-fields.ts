import { type IceCandidate, parseIceCandidate, serializeIceCandidate } from '../ice-candidate.js'
import { type AttributeField, flag, numberField, wordField } from './attribute-field.js'
import { nonBlank, wholeNumber, wordsOf } from './words.js'

/** `a=candidate`: an address that the writer may be reached at (RFC 8839 §5.1; over TCP RFC 6544 §4.5). */
export const candidate: AttributeField<IceCandidate> = { name: 'candidate', section: 'RFC 8839 §5.1', read: parseIceCandidate, write: serializeIceCandidate }

/** The candidate of the peer that was chosen for a component. */
export interface RemoteCandidate {
  /** 1 for RTP, 2 for RTCP. */
  readonly component: number
  readonly address: string
  readonly port: number
}

/** `a=remote-candidates`: the peer's candidates that were chosen, one for each component (RFC 8839 §5.2). */
export const remoteCandidates: AttributeField<readonly RemoteCandidate[]> = {
  name: 'remote-candidates', section: 'RFC 8839 §5.2',
  read: (value) => {
    const words = wordsOf(value)
    if (words.length === 0 || words.length % 3 !== 0) return undefined
    const chosen: RemoteCandidate[] = []
    for (let index = 0; index < words.length; index += 3) {
      const component = wholeNumber(words[index], 256)
      const address = words[index + 1]
      const port = wholeNumber(words[index + 2], 65_535)
      if (component === undefined || address === undefined || port === undefined) return undefined
      chosen.push({ component, address, port })
    }
    return chosen
  },
  write: (chosen) => chosen.map(({ component, address, port }) => `${component} ${address} ${port}`).join(' '),
}

/** `a=ice-ufrag`: the user name fragment, 4 to 256 characters (RFC 8839 §5.4). */
export const iceUfrag: AttributeField<string> = wordField('ice-ufrag', 'RFC 8839 §5.4', /^[A-Za-z\d+/]{4,256}$/)

/** `a=ice-pwd`: the password, 22 to 256 characters (RFC 8839 §5.4). */
export const icePwd: AttributeField<string> = wordField('ice-pwd', 'RFC 8839 §5.4', /^[A-Za-z\d+/]{22,256}$/)

/** `a=ice-options`: extensions that the writer knows, as `trickle`, `ice2`, `renomination` (RFC 8839 §5.6). */
export const iceOptions: AttributeField<readonly string[]> = {
  name: 'ice-options', section: 'RFC 8839 §5.6',
  read: (value) => {
    const options = wordsOf(value)
    return options.length > 0 && options.every((option) => nonBlank.test(option)) ? options : undefined
  },
  write: (options) => options.join(' '),
}

/** `a=ice-pacing`: milliseconds between two connectivity checks (RFC 8839 §5.5). */
export const icePacing: AttributeField<number> = numberField('ice-pacing', 'RFC 8839 §5.5', 0, 9_999_999_999)

/** `a=ice-lite`: the writer only answers checks (RFC 8839 §5.3). */
export const iceLite: AttributeField<true> = flag('ice-lite', 'RFC 8839 §5.3')

/** `a=ice-mismatch`: something between the two has changed the default address (RFC 8839 §5.3). */
export const iceMismatch: AttributeField<true> = flag('ice-mismatch', 'RFC 8839 §5.3')

/** `a=end-of-candidates`: there will be no further candidates (RFC 8840 §8). */
export const endOfCandidates: AttributeField<true> = flag('end-of-candidates', 'RFC 8840 §8')

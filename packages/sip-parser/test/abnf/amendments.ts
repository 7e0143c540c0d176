/**
 * Where strict mode means to say something else than the RFC texts of `rfcs`: each entry replaces or adds rules of RFC 3261 or the RFC it names, and says why.
 * This is the list of deliberate differences; what else differs is a fault, see `abnf.test.ts`.
 */
export interface Amendment {
  readonly rfc: number
  readonly reason: string
  /** Rules in ABNF, each on one line. */
  readonly rules: readonly string[]
}

export const amendments: readonly Amendment[] = [
  {
    rfc: 3261, reason: 'RFC 3629 §4: UTF-8 has one way to write a character, at most four octets, no surrogates; RFC 3261 has the older form of RFC 2279',
    rules: ['UTF8-NONASCII = UTF8-2 / UTF8-3 / UTF8-4', 'Reason-Phrase = *(reserved / unreserved / escaped / UTF8-NONASCII / SP / HTAB)'],
  },
  {
    rfc: 3261, reason: 'RFC 4475 §3.1.1.6: that a blank has to stand between a display name and `<` is a fault of the specification',
    rules: ['display-name = [token *(LWS token)] / quoted-string'],
  },
  {
    rfc: 3261, reason: 'RFC 3261 §25.1, below hostport: what a telephone-subscriber has and a user has not is to be escaped; so nothing is left that user does not say',
    rules: ['userinfo = user [":" password] "@"'],
  },
  {
    rfc: 3261, reason: 'RFC 3966: a URI that begins with tel: is of this form',
    rules: ['addr-spec = SIP-URI / SIPS-URI / telephone-uri / absoluteURI', 'Request-URI = addr-spec'],
  },
  {
    rfc: 3261, reason: 'RFC 3261 §20: a URI with a comma, question mark or semicolon stands in brackets',
    rules: [
      'bare-addr = bare-sip / bare-tel / scheme ":" 1*(unreserved / escaped / ":" / "@" / bare-mark)',
      'bare-sip = ("sip:" / "sips:") [1*(unreserved / escaped / bare-mark) [":" *(unreserved / escaped / "&" / "=" / "+" / "$")] "@"] hostport',
      'bare-mark = "&" / "=" / "+" / "$" / "/"',
      'bare-tel = "tel:" (global-number-digits / local-number-digits)',
    ],
  },
  {
    rfc: 3966, reason: 'a digit that is not there says nothing: `;ext=` without a number is a slip of the grammar',
    rules: ['phonedigit = DIGIT / visual-separator', 'phonedigit-hex = HEXDIG / "*" / "#" / visual-separator'],
  },
  {
    rfc: 3966, reason: 'a semicolon begins the next parameter here, too, and brackets may stand as in any other',
    rules: ['isdn-subaddress = ";isub=" 1*(paramchar / "?" / "@" / "=" / ",")'],
  },
  {
    rfc: 8224, reason: 'RFC 4474 §9: a quoted signature without Identity-Info in the same field is still sent',
    rules: ['Identity = "Identity" HCOLON (quoted-string / signed-identity-digest) [SEMI ident-info] *(SEMI ident-info-params)'],
  },
  {
    rfc: 3261, reason: 'RFC 7615 §3, RFC 7616 §3.5: any auth-param, values quoted or not',
    rules: ['ainfo = auth-param'],
  },
  {
    rfc: 8224, reason: 'RFC 7515 §2: the signature is base64url; what RFC 4474 had may end in `=`',
    rules: ['base64-char = ALPHA / DIGIT / "/" / "+" / "-" / "_" / "="'],
  },
  {
    rfc: 6794, reason: 'RFC 3261 §20, as above: no brackets here at all',
    rules: ['policyURI = bare-addr [SEMI token-param] *(SEMI generic-param)'],
  },
  {
    rfc: 5360, reason: 'RFC 3261 §20, as above: no brackets here at all',
    rules: ['trigger-cons-spec = bare-sip *(SEMI trigger-param)'],
  },
  {
    rfc: 3261, reason: 'userinfo ends in `@`, so that the one behind it is one too many',
    rules: ['srvr = [[userinfo] hostport]'],
  },
  {
    rfc: 5503, reason: 'between the two a slash is missing',
    rules: ['Laes-param = Laes-content / Laes-cccid / Laes-bcid / generic-param'],
  },
  {
    rfc: 7315, reason: '3GPP TS 24.229 §7.2A.4 names parameters of this field that have a value',
    rules: ['extension-access-info = generic-param / gen-value'],
  },
]

/** The same, of rules that an RFC says to take from another one. */
export const replaced: ReadonlyMap<string, number> = new Map([['ipv4address', 5954], ['ipv6address', 5954]])

/** Phrases that are replaced in every rule. */
export const phrases: readonly (readonly [phrase: RegExp, instead: string])[] = [[/name-addr\s*\/\s*addr-spec/, 'name-addr / bare-addr']]

/** Rules of RFC 3261 that do not hold where the text begins like this: what begins with sip:, sips: or tel: is no URI of another scheme. */
export const barred: ReadonlyMap<string, RegExp> = new Map([['scheme', /(?:sips?|tel):/iy]])

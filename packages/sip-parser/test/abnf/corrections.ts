/** Where the grammar begins in an RFC that has examples before it which look like rules. */
export const beginnings: Readonly<Record<number, string>> = {
  3261: '25.1 Basic Rules',
  5954: '4.1.  Resolution',
  7315: '5.  Formal Syntax',
}

/** What has to be put right in the text of an RFC before its rules can be read: errata, comments over two lines, words of prose. */
export const corrections: Readonly<Record<number, readonly (readonly [wrong: string, right: string])[]>> = {
  3261: [
    // The Request-URI of HTTP.
    ['rquest-uri ; Equal to request-uri as specified', '"*" / absoluteURI / abs-path'], ['                     by HTTP/1.1\n', ''],
  ],
  // Written in the notation of RFC 822, where blanks may stand between any two parts.
  5806: [
    ['":" 1# (name-addr *( ";" diversion_params ))', 'HCOLON diversion-value *(COMMA diversion-value)\n   diversion-value = name-addr *(SEMI diversion-params)'],
    ...['reason', 'counter', 'limit', 'privacy', 'screen'].map((name) => [`"${name}" "="`, `"${name}" EQUAL`] as const),
    ['token ["=" (token', 'token [EQUAL (token'],
  ],
  // No blank line or deeper line: the rule goes on.
  3515: [['addr-spec ) *\n      (SEMI', 'addr-spec ) *(SEMI']],
  3966: [['"#")*phonedigit-hex', '"#") *phonedigit-hex']],
  // Forms that RFC 5322 §4 reads but lets nobody write.
  5322: [['dot-atom-text / obs-id-left', 'dot-atom-text'], ['dot-atom-text / no-fold-literal / obs-id-right', 'dot-atom-text / no-fold-literal'], ['                       obs-dtext', '                       %d94']],
  // Schemes of other RFCs, which all are absoluteURI.
  6442: [['sip-URI / sips-URI / pres-URI', 'SIP-URI / SIPS-URI'], ['/ http-URI / https-URI\n', '/ absoluteURI\n'], ['/ cid-url ; (from RFC 2392)\n', '/ absoluteURI\n']],
}

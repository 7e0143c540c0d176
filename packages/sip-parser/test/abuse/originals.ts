import { filesUnder, hasCorpus, readCorpus } from '../corpus.js'
import { optionsWith } from '../samples.js'

/** Messages with everything in them, for a clone that has no other ones. */
export const own: readonly string[] = [
  optionsWith(['Contact: "A" <sip:a@b;x>;q=1, <sip:c@d>;expires=60', 'Content-Length: 3', 'Route: <sip:p1;lr>,<sip:p2;lr>', 'Supported: 100rel, timer', 'Session-Expires: 90;refresher=uac'], undefined, 'abc'),
  optionsWith(['v: SIP/2.0/TCP [2001:db8::1]:5060;rport;branch=z9hG4bK1, SIP/2.0/UDP h;ttl=5', 'f: "\\"q\\" é" <sips:%61:pw@h:5061?Subject=x>;tag=1', 'm: *', 'l: 0', 'Subject: one\r\n two', 'Date: Sat, 13 Nov 2010 23:29:00 GMT']),
  optionsWith(['WWW-Authenticate: Digest realm="r, s", nonce="n", qop="auth,auth-int", algorithm=MD5', 'Authorization: Digest username="u",realm="r",nonce="n",uri="sip:b",response="0123456789abcdef0123456789abcdef"', 'Event: presence;id=1', 'Subscription-State: active;expires=60']),
  optionsWith(['Content-Type: multipart/mixed;boundary="a b"', 'Content-Length: 73'], undefined, '--a b\r\nContent-Type: text/plain\r\n\r\none\r\n--a b\r\n\r\ntwo\r\n--a b--\r\nepilogue\r\n'),
  'SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK2;received=192.0.2.1\r\nFrom: sip:a@b;tag=1\r\nTo: <tel:+1-201-555-0123;isub=1>;tag=2\r\nCall-ID: (a)<b>@c\r\nCSeq: 4294967 INVITE\r\nRAck: 1 2 INVITE\r\nReplaces: a@b;to-tag=1;from-tag=2\r\nContent-Length: 0\r\n\r\n',
]

/** Messages to change, one character per octet; those of RFCs and from the wild when they are beside the repository. */
export function originals(): readonly string[] {
  if (!hasCorpus) return own
  const files = ['rfc4475', 'rfc5118', 'rfc6216', 'flows', 'wild'].flatMap(filesUnder)
  return [...own, ...files.map((file) => Buffer.from(readCorpus(file)).toString('latin1'))]
}

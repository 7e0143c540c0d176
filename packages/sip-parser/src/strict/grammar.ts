// The grammar of RFC 3261 §25.1 and its extensions, with the names it has there. Notation: `a b` one after the other, `a | b` the first that matches,
// `?` `*` `+` as in regular expressions, `a#` one or more with COMMA between, `"…"` text without case, `/…/` a regular expression that can match in one way only.
// Line breaks are matched as marks: `\u2000` stands for the first in a run of blanks, `\u2001` for the second … LWS has at most one, two neighbouring LWS have two,
// text has any number.
//
// Where it is not the letter of the RFC: `sip:`, `sips:` and `tel:` (RFC 3966) are no absoluteURI; a URI without brackets holds no `,` `;` `?` (RFC 3261 §20, RFC 8217);
// a token needs no blank before `<` (RFC 4475 §3.1.1.6); addresses follow RFC 5954; UTF-8 is well formed, also where the RFC is content with UTF8-CONT;
// Authentication-Info takes any auth-param (RFC 7615), Identity what RFC 4475 §3.1.1.11 and RFC 8224 show, P-Access-Network-Info any name with a value.

/** Rules that others use. What is matched is never given back: `a* a` matches nothing. */
export const rules: string = String.raw`
SP = / /
LWS = /[ \t\u2000]+/
SWS = /[ \t\u2000]*/
COMMA = /[ \t\u2000]*,[ \t\u2000]*/
SEMI = /[ \t\u2000]*;[ \t\u2000]*/
SLASH = /[ \t\u2000]*\/[ \t\u2000]*/
EQUAL = /[ \t\u2000]*=[ \t\u2000]*/
LAQUOT = /[ \t\u2000\u2001]*</
RAQUOT = ">" END
LDQUOT = /[ \t\u2000\u2001]*"/
DQUOTE = /"/
END = /(?:[ \t\u2000\u2001]*(?=[,;])|[ \t\u2000]*(?![^]))?/
UTF8 = /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/
quoted-pair = /\\[^\n\r\x80-\uffff]/
quoted-string = LDQUOT (/[ \t\u2000-\u2003!#-[\]-~]+/ | UTF8 | quoted-pair)* DQUOTE
LPAREN = /[ \t\u2000\u2001]*\(/
ctext = (/[ \t\u2000-\u2003!-'*-[\]-~]+/ | UTF8 | quoted-pair)*
text = (/[!-~]+/ | UTF8)+
header-value = (text | /[ \t\u2000-\u2003]+/)*
D = /\d+/
token = /[\w\-.!%*+\`'~]+/
word = /[\w\-.!%*+\`'~()<>:\\"\/[\]?{}]+/
event-type = /[\w\-!%*+\`'~]+(?:\.[\w\-!%*+\`'~]+)*/
r-value = /[\w\-!%*+\`'~]+\.[\w\-!%*+\`'~]+/
value = token | quoted-string
params = (SEMI generic-param)*
auth-param = token EQUAL value
generic-param = token (EQUAL gen-value)?
gen-value = token | IPv6reference | quoted-string
IPv4address = /(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}(?![\w.-])/
hostname = /(?:[a-z\d]+(?:-+[a-z\d]+)*\.)*[a-z][a-z\d]*(?:-+[a-z\d]+)*\.?/i
IPv6address = /(?:[\da-f]{1,4}:){7}[\da-f]{1,4}(?![\da-f:])/i | /(?:[\da-f]{1,4}:){6}(?=\d+\.)/i IPv4address | /(?!:*(?:[\da-f]+:+){7}[\da-f]|:*(?:[\da-f]+:+){6}\d+\.)(?:[\da-f]{1,4}(?::[\da-f]{1,4})*)?::(?:[\da-f]{1,4}:(?=[\da-f]))*/i (/(?=\d+\.)/ IPv4address | /[\da-f]{0,4}/i)
IPv6reference = "[" IPv6address "]"
host = IPv6reference | IPv4address | hostname
address = IPv4address | IPv6address
port = (":" D)?
hostport = host port
x = /[\w\-.!~*'()]+|%[\da-f]{2}/i
userinfo = (x | /[&=+$,;?\/]/)+ (":" (x | /[&=+$,]/)*)? "@"
paramchars = (x | /[[\]\/:&+$]/)+
hnv = x | /[[\]\/?:+$]/
uric = (x | /[;\/?:@&=+$,]/)+
sip = /sips?:/i
SIP-URI = sip userinfo? hostport (";" (/(?:transport|user|method)=/i token /(?![^; ?>"])/ | paramchars ("=" paramchars)?))* ("?" header ("&" header)*)?
header = hnv+ "=" hnv*
tel-URI = "tel:" (/\+[-.()]*\d[\d.()-]*/ | /[-.()]*[\da-fA-F*#][\da-fA-F*#.()-]*(?=;)(?=[^>"\s]*;phone-context=(?:\+[-.()]*\d[\d.()-]*|(?:[a-z\d]+(?:-+[a-z\d]+)*\.)*[a-z][a-z\d]*(?:-+[a-z\d]+)*\.?)(?:[;>"\s]|$))/i) (";isub=" (paramchars | /[?@=,]+/)+ | ";" /[a-zA-Z\d-]+/ ("=" paramchars)?)*
scheme = /(?!sips?:|tel:)[a-z][a-z\d+.-]*:/i
absoluteURI = scheme ("//" userinfo? IPv6reference port (/[\/?]/ uric?)? | uric)
addr-spec = SIP-URI | tel-URI | absoluteURI
bracketed = LAQUOT addr-spec RAQUOT
name-addr = (quoted-string | token (LWS token)*)? bracketed
bare-userinfo = (x | /[&=+$\/]/)+ (":" (x | /[&=+$]/)*)? "@"
bare = sip bare-userinfo? hostport | "tel:" /\+[-.()]*\d[\d.()-]*|[-.()]*[\da-f*#][\da-f*#.()-]*/i | scheme (x | /[\/:@&=+$]/)+
address-of = name-addr | bare
callid = word ("@" word)?
server-val = comment | token (SLASH token)?
dot-atom = /[\w!#$%&'*+\/=?^\`{|}~-]+(?:\.[\w!#$%&'*+\/=?^\`{|}~-]+)*/
feature = /!?(?:[\w\-.%*+\`'~]+|#(?:[<>]?=|[+-]?\d+(?:\.\d*)?:)[+-]?\d+(?:\.\d*)?)/
version = "SIP/" D "." D
request-line = token SP addr-spec SP version
status-line = version SP /\d{3}/ SP (x | UTF8 | /[;\/?:@&=+$, \t]/)*
`

/** One row per header field whose grammar the RFC texts give: RFC, names with their compact form, rule. Fields without a row follow header-value. */
export const fields: string = String.raw`
accept: (token SLASH token params)#?
accept-encoding: (token params)#?
accept-language: (/[a-z]{1,8}(?:-[a-z]{1,8})*|\*/i params)#?
alert-info call-info error-info: (bracketed params)#
allow supported k: token#?
authentication-info: auth-param#
authorization proxy-authorization proxy-authenticate www-authenticate: token LWS auth-param#
call-id i: callid
contact m: (address-of params)# | /[ \t\u2000\u2001]*\*[ \t\u2000]*/
content-disposition: token params
content-encoding e proxy-require require unsupported: token#
content-language: /[a-z]{1,8}(?:-[a-z]{1,8})*/i#
content-length l max-forwards expires min-expires: D
content-type c: token SLASH token (SEMI auth-param)*
cseq: D LWS token
date: /(?:mon|tue|wed|thu|fri|sat|sun), \d\d (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) \d{4} \d\d:\d\d:\d\d /i "GMT"
from f to t: address-of params
in-reply-to: callid#
mime-version: D "." D
organization subject s: (text (/[ \t\u2000-\u2003]+/ text)*)?
priority: token
record-route route: (name-addr params)#
reply-to: address-of params
retry-after: D comment? params
server user-agent: server-val (/[ \t\u2000-\u2002]+/ server-val)*
timestamp: D /(?:\.\d*)?/ (LWS /\d*(?:\.\d*)?/)?
via v: (token SLASH token SLASH token LWS host (/[ \t\u2000]*:[ \t\u2000]*/ D)? (SEMI ("received" EQUAL address | generic-param))*)#
warning: (/\d{3}/ SP (hostport SP | token SP) quoted-string)#
3262
rack: D LWS D LWS token
rseq: D
3323
privacy: token (";" token)*
3325
p-asserted-identity p-preferred-identity: address-of#
3326
reason: (token params)#
3327
path: (name-addr params)#
3329
security-client security-server security-verify: (token params)#
3515
refer-to r: address-of params
3608
service-route: (name-addr params)#
3841
request-disposition d: /proxy|redirect|(?:no-)?(?:cancel|fork|recurse|queue)|parallel|sequential/i#
accept-contact a reject-contact j: ("*" params)#
3891
replaces: callid params
3892
referred-by b: address-of params
3903
sip-etag sip-if-match: token
3911
join: callid params
4028
session-expires x: D params
min-se: D params
4412
resource-priority: r-value#
accept-resource-priority: r-value#?
4474
identity-info n: bracketed params
4488
refer-sub: ("true" | "false") params
4538
target-dialog: callid params
5002
p-profile-key: address-of params
5009
p-early-media: token#?
5360
permission-missing: (address-of params)#
trigger-consent: (sip bare-userinfo? hostport params)#
5373
answer-mode priv-answer-mode: token params
5393
max-breadth: D
5503
p-dcs-trace-party-id: name-addr params
p-dcs-osps: token
p-dcs-billing-info: /[\da-f]+\/[\da-f]+/i "@" host params
p-dcs-laes: hostport (SEMI ("content" EQUAL hostport | generic-param))*
p-dcs-redirect: LDQUOT addr-spec DQUOTE END params
5626
flow-timer: D
5806
diversion: (name-addr params)#
5839
suppress-if-match: token
6050
p-asserted-service p-preferred-service: ("urn:urn-7:" /[a-z\d-]{1,27}(?:\.[a-z\d-]+)*/i)#
6086
info-package: token params
recv-info: (token params)#?
6442
geolocation: (bracketed params)#
geolocation-error: /\d{1,3}/ params
geolocation-routing: generic-param
6665
allow-events u: event-type#
event o: event-type params
subscription-state: token params
6794
policy-contact: (bracketed params)#
policy-id: (bare params)#
6809
feature-caps: ("*" (SEMI /\+[a-z][a-z\d!'.%-]*/i (EQUAL LDQUOT (feature ("," feature)* | "<" (/[ \t\u2000-\u2003!#-;=?-[\]-~]+/ | UTF8 | quoted-pair)* ">") DQUOTE END)?)*)#
7044
history-info: (name-addr params)#
7315
p-associated-uri: (name-addr params)? (COMMA name-addr params)*
p-called-party-id: name-addr params
p-visited-network-id: (value params)#
p-access-network-info: (token (SEMI (generic-param | gen-value))*)#
p-charging-function-addresses: (generic-param params)#
p-charging-vector: "icid-value" EQUAL gen-value params
7316
p-private-network-indication: hostname params
7433
user-to-user: (value params)#
7614
refer-events-at: LAQUOT SIP-URI RAQUOT params
7989
session-id: /[\da-f]{32}/ params
8224
identity y: (quoted-string | /[\w+\/.=-]+/) (SEMI "info" EQUAL bracketed)? params
8262
content-id: "<" dot-atom "@" (dot-atom | /\[[!-Z^-~]*\]/) ">"
8496
p-charge-info: address-of
8498
p-served-user: address-of params
`

// The grammar of RFC 3261 §25.1 and its extensions, with the names it has there. Notation: `a b` one after the other, `a | b` the first that matches,
// `?` `*` `+` as in regular expressions, `a#` one or more with COMMA between, `"…"` text without case, `/…/` a regular expression that can match in one way only.
// `\1` to `\4` in a class are blanks with so many line breaks: LWS has at most one, two neighbouring LWS have two, text has any number.

/** Rules that others use. What is matched is never given back: `a* a` matches nothing. */
export const rules = String.raw`
SP = / /
LWS = /[\1]+/
SWS = /[\1]*/
COMMA = /[\1]*,[\1]*/
SEMI = /[\1]*;[\1]*/
SLASH = /[\1]*\/[\1]*/
EQUAL = /[\1]*=[\1]*/
LAQUOT = /[\2]*</
RAQUOT = ">" END
LDQUOT = /[\2]*"/
DQUOTE = /"/
END = /(?:[\2]*(?=[,;])|[\1]*(?![^]))?/
UTF8 = /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/
quoted-pair = /\\[^\n\r\x80-\uffff]/
quoted-string = LDQUOT (/[\4!#-[\]-~]+/ | UTF8 | quoted-pair)* DQUOTE
LPAREN = /[\2]*\(/
ctext = (/[\4!-'*-[\]-~]+/ | UTF8 | quoted-pair)*
text = (/[!-~]+/ | UTF8)+
text-trim = text (/[\4]+/ text)*
header-value = (text | /[\4]+/)*
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
hostname = /(?:[a-zA-Z\d]+(?:-+[a-zA-Z\d]+)*\.)*[a-zA-Z][a-zA-Z\d]*(?:-+[a-zA-Z\d]+)*\.?/
IPv6address = /(?:[\da-fA-F]{1,4}:){7}[\da-fA-F]{1,4}(?![\da-fA-F:])/ | /(?:[\da-fA-F]{1,4}:){6}(?=\d+\.)/ IPv4address | /(?!:*(?:[\da-fA-F]+:+){7}[\da-fA-F]|:*(?:[\da-fA-F]+:+){6}\d+\.)(?:[\da-fA-F]{1,4}(?::[\da-fA-F]{1,4})*)?::(?:[\da-fA-F]{1,4}:(?=[\da-fA-F]))*/ (/(?=\d+\.)/ IPv4address | /[\da-fA-F]{0,4}/)
IPv6reference = "[" IPv6address "]"
host = IPv6reference | IPv4address | hostname
address = IPv4address | IPv6address
port = (":" D)?
hostport = host port
x = /[\w\-.!~*'()]+|%[\da-fA-F]{2}/
userinfo = (x | /[&=+$,;?\/]/)+ (":" (x | /[&=+$,]/)*)? "@"
paramchars = (x | /[[\]\/:&+$]/)+
hnv = x | /[[\]\/?:+$]/
uric = (x | /[;\/?:@&=+$,]/)+
sip = "sips:" | "sip:"
SIP-URI = sip userinfo? hostport (";" (/(?:transport|user|method)=/i token /(?![^; ?>])/ | paramchars ("=" paramchars)?))* ("?" header ("&" header)*)?
header = hnv+ "=" hnv*
tel-URI = "tel:" (/\+[-.()]*\d[\d.()-]*/ | /[-.()]*[\da-fA-F*#][\da-fA-F*#.()-]*(?=;)(?=[^>,\s]*;phone-context=)/) (";isub=" uric | ";" /[a-zA-Z\d-]+/ ("=" paramchars)?)*
scheme = /(?!sips?:|tel:)[a-z][a-z\d+.-]*:/i
absoluteURI = scheme ("//" userinfo? IPv6reference port (/[\/?]/ uric?)? | uric)
addr-spec = SIP-URI | tel-URI | absoluteURI
bracketed = LAQUOT addr-spec RAQUOT
name-addr = (quoted-string | token (LWS token)*)? bracketed
bare-userinfo = (x | /[&=+$\/]/)+ (":" (x | /[&=+$]/)*)? "@"
bare = sip bare-userinfo? hostport | "tel:" /\+?[-.()]*[\da-fA-F*#][\da-fA-F*#.()-]*/ | scheme (x | /[\/:@&=+$]/)+
address-of = name-addr | bare
callid = word ("@" word)?
server-val = comment | token (SLASH token)?
version = "SIP/" D "." D
request-line = token SP addr-spec SP version
status-line = version SP /\d{3}/ SP (x | UTF8 | /[;\/?:@&=+$, \t]/)*
`

/** One row per header field whose grammar the RFC texts give: RFC, names with their compact form, rule. Fields without a row follow header-value. */
export const fields = String.raw`
accept: (token SLASH token params)#?
accept-encoding: (token params)#?
accept-language: (/[a-zA-Z]{1,8}(?:-[a-zA-Z]{1,8})*|\*/ params)#?
alert-info call-info error-info: (bracketed params)#
allow supported k: token#?
authentication-info: auth-param#
authorization proxy-authorization proxy-authenticate www-authenticate: token LWS auth-param#
call-id i: callid
contact m: (address-of params)# | /[\2]*\*[\1]*/
content-disposition: token params
content-encoding e proxy-require require unsupported: token#
content-language: /[a-zA-Z]{1,8}(?:-[a-zA-Z]{1,8})*/#
content-length l max-forwards expires min-expires: D
content-type c: token SLASH token (SEMI auth-param)*
cseq: D LWS token
date: /(?:mon|tue|wed|thu|fri|sat|sun), \d\d (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) \d{4} \d\d:\d\d:\d\d /i "GMT"
from f to t: address-of params
in-reply-to: callid#
mime-version: D "." D
organization subject s: text-trim?
priority: token
record-route route: (name-addr params)#
reply-to: address-of params
retry-after: D comment? params
server user-agent: server-val (/[\3]+/ server-val)*
timestamp: D /(?:\.\d*)?/ (LWS /\d*(?:\.\d*)?/)?
via v: (token SLASH token SLASH token LWS host (/[\1]*:[\1]*/ D)? (SEMI ("received" EQUAL address | generic-param))*)#
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
trigger-consent: (bare params)#
5373
answer-mode priv-answer-mode: token params
5393
max-breadth: D
5503
p-dcs-trace-party-id: name-addr params
p-dcs-osps: token
p-dcs-billing-info: /[\da-fA-F]+\/[\da-fA-F]+/ "@" host params
p-dcs-laes: hostport params
p-dcs-redirect: LDQUOT addr-spec DQUOTE END params
5626
flow-timer: D
5806
diversion: (name-addr params)#
5839
suppress-if-match: token
6050
p-asserted-service p-preferred-service: ("urn:urn-7:" /[a-zA-Z\d-]{1,27}(?:\.[a-zA-Z\d-]+)*/)#
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
feature-caps: ("*" (SEMI /\+[a-zA-Z][a-zA-Z\d!'.%-]*/ (EQUAL quoted-string)?)*)#
7044
history-info: (name-addr params)#
7315
p-associated-uri: (name-addr params)? (COMMA name-addr params)*
p-called-party-id: name-addr params
p-visited-network-id: (value params)#
p-access-network-info: (token (SEMI (token EQUAL value | gen-value))*)#
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
content-id: /<[\w!#$%&'*+\/=?^\`{|}~.-]+@(?:[\w!#$%&'*+\/=?^\`{|}~.-]+|\[[!-Z^-~]*\])>/
8496
p-charge-info: address-of
8498
p-served-user: address-of params
`

// Where each header field may stand: tables 2 and 3 of RFC 3261 §20 with the columns and rows that the extensions add to them
// (RFC 3262 §7, 3265 §7.1, 3311 §7, 3428 §9, 3515 §2.2, 3903 §11, 6086 §6, and the RFC named in each row).
//
// name    "," behind it: values may be listed, so that the field may stand several times (RFC 3261 §7.3.1)
// where   R in requests, r in responses, Rr in both, 2xx 18x 401,407 300-699 in these responses
// columns ACK BYE CANCEL INVITE OPTIONS REGISTER, PRACK SUBSCRIBE NOTIFY REFER INFO MESSAGE UPDATE PUBLISH
// cells   m must be there, s (m* in the RFC) should be, t should be (and must on a stream), * must when there is a body, o may be, c depends,
//         - not applicable: receivers ignore it; ! not allowed: receivers may act on it
// The last two words are the RFC and the section to read. The names of RFC 3261 come first, in the order of their sections: the nth is that of §20.n;
// the others share the section of the row above when they have none.
const text = `
                            ABCIOR PSNRIMUP
Accept, R                   -o-oso ooooo-oo
Accept, 2xx                 ---oso ------o-
Accept, 415                 -c-ccc coocoscs
Accept-Encoding, R          -o-ooo ooooo-oo
Accept-Encoding, 2xx        ---oso ----o-o-
Accept-Encoding, 415        -c-ccc cooccscs
Accept-Language, R          -o-ooo ooooo-oo
Accept-Language, 2xx        ---oso ----o-o-
Accept-Language, 415        -c-ccc coocoscs
Alert-Info, R               ---o-- --------
Alert-Info, 1xx             ---o-- -------- 7462 4.1
Allow, R                    -o-ooo oooooooo
Allow, 2xx                  -o-sso oooooooo
Allow, r                    -o-ooo oooooooo
Allow, 405                  -m-mmm mmmmmmmm
Authentication-Info 2xx     -o-ooo oooooooo
Authorization, R            oooooo oooooooo
Call-ID Rr                  mmmmmm mmmmmmmm
Call-Info, Rr               ---ooo -oo-oooo
Contact, R                  o--moo -mmm--m-
Contact, 1xx                ---o-- -oo---o-
Contact, 2xx                ---moo -mom--m-
Contact, 3xx                -o-ooo ommo-ooo
Contact, 485                -o-ooo oooo-ooo
Contact, 400-699            ------ ---o---- 3515 2.2
Content-Disposition Rr      oo-ooo oooooooo
Content-Encoding, Rr        oo-ooo oooooooo
Content-Language, Rr        oo-ooo oooooooo
Content-Length Rr           tttttt tttoottt
Content-Type Rr             **-*** ********
CSeq Rr                     mmmmmm mmmmmmmm
Date Rr                     oooooo oooooooo
Error-Info, 300-699         -ooooo oooooooo
Expires Rr                  ---o-o -o-o-o-o
Expires 2xx                 ------ -m-----m
From Rr                     mmmmmm mmmmmmmm
In-Reply-To, R              ---o-- -----o--
Max-Forwards R              mmmmmm mmmmommm
Min-Expires 423             -----m -m-----m
MIME-Version Rr             oo-ooo oooooooo
Organization Rr             ---ooo -o-o-ooo
Priority R                  ---o-- -o---o-o
Proxy-Authenticate, 407     -m-mmm mmmmmmmm
Proxy-Authenticate, 401     -ooooo oooooooo
Proxy-Authorization, R      oo-ooo oooooooo
Proxy-Require, R            -o!ooo oooooooo
Record-Route, R             ooooo- ooooo-o-
Record-Route, 2xx,18x       -oooo- ooooo-o-
Record-Route, 401,484       ------ -oo----- 3265 7.1
Reply-To Rr                 ---o-- -----o--
Require, Rr                 -c!ccc coococco
Retry-After 404,413,480,486,500,503,600,603 -ooooo oooooooo
Route, R                    cccccc ccccoocc
Server r                    -ooooo oooooooo
Subject R                   ---o-- ----oo-o
Supported, R                -oosoo oooooooo
Supported, 2xx              -oosso oooooooo
Timestamp Rr                oooooo oooooooo
To Rr                       mmmmmm mmmmmmmm
Unsupported, 420            -m-mmm mooooomo
User-Agent Rr               oooooo oooooooo
Via, Rr                     mmmmmm mmmmmmmm
Warning, r                  -ooooo oooooooo
Warning, R                  ------ --o----- 3265 7.1
WWW-Authenticate, 401       -m-mmm mmmmmmmm
WWW-Authenticate, 407       -o-ooo oooooooo
RSeq 1xx                    ---o-- -oo----- 3262 7.1
RAck R                      ------ m------- 3262 7.2
Privacy Rr                  oooooo oooooooo 3323 4.2
P-Asserted-Identity, Rr     -o-ooo oooooooo 5876 3.2
P-Preferred-Identity, R     -o-ooo oooooooo 5876 3.2
Reason, Rr                  oooooo oooooooo 3326 2
Path, R,2xx                 -----o -------- 3327 4
Security-Client, R          -o-ooo -ooooooo 3329 2.6
Security-Server, 421,494    -o-ooo -ooooooo
Security-Verify, R          -o-ooo -ooooooo
P-Associated-URI, 2xx       -----o -------- 7315 4.1
P-Called-Party-ID R         ---oo- -o-o-o-o 7315 4.2
P-Visited-Network-ID, R     ---ooo -o-o-o-o 7315 4.3
Refer-To R                  ------ ---m---- 3515 2.1
Service-Route, 2xx          -----o -------- 3608 5
Accept-Contact, R           ooooo- oooooooo 3841 9.2
Reject-Contact, R           ooooo- oooooooo
Request-Disposition, R      oooooo oooooooo 3841 9.1
Replaces R                  ---o-- -------- 3891 6.1
Referred-By R               -o-ooo oooooooo 3892 3
SIP-ETag 2xx                ------ -------m 3903 11.3.1
SIP-ETag R                  ------ --o----- 5839 5.3
SIP-If-Match R              ------ -------o 3903 11.3.2
Join R                      ---o-- -------- 3911 7.1
Session-Expires R,2xx       ---o-- ------o- 4028 4
Min-SE R                    ---o-- ------o- 4028 5
Min-SE 422                  ---m-- ------m-
Resource-Priority, R        oooooo oooooooo 4412 3.1
Accept-Resource-Priority, 200,417 -ooooo oooooooo 4412 3.2
Identity, R                 oo-ooo oooooooo 8224 4
Refer-Sub R,2xx             ------ ---o---- 4488 4
Target-Dialog R             ---o-- -o-o---- 4538 7
P-Early-Media, R            ---o-- o-----o- 5009 8
P-Early-Media, 18x          ---o-- --------
P-Early-Media, 2xx          ------ o-----o-
Permission-Missing, 470     oooooo oooooooo 5360 5.9.3
Trigger-Consent, R          oooooo oooooooo 5360 5.11.2
Answer-Mode R,2xx           ---o-- -------- 5373 4.3.3
Priv-Answer-Mode R          ---o-- --------
Max-Breadth R               oooooo oooo-ooo 5393 5.8
P-DCS-Trace-Party-ID R      ---o-- -------- 5503 5
P-DCS-OSPS R                ---o-- ------o- 5503 6
Flow-Timer 2xx              -----o -------- 5626 11.1
Suppress-If-Match R         ------ -o------ 5839 7.2
P-Asserted-Service, R       ---oo- -o-o-o-o 6050 4.1
P-Preferred-Service, R      ---oo- -o-o-o-o 6050 4.2
Event R                     ------ -mm----m 6665 8.2.1
Allow-Events, R             oo-ooo oooooo-o 6665 8.2.2
Allow-Events, 2xx           -o-ooo oooooo-o
Allow-Events, 489           ------ -mm----m
Subscription-State R        ------ --m----- 6665 8.2.3
Info-Package R              ------ ----c--- 6086 7.2
Recv-Info, R                ---c-o o-----o- 6086 7.3
Recv-Info, r                ---o-- o-----o-
Recv-Info, 469              ------ ----c---
Geolocation, R              oooooo oooooooo 6442 4.1
Geolocation-Routing R       oooooo oooooooo 6442 4.2
Geolocation-Error r         -ooooo oooooooo 6442 4.4
Policy-ID, R                ---c-- c-----c- 6794 4.4.5
Policy-Contact, R           ---c-- c-----c-
Policy-Contact, 488         ---c-- c-----c-
User-to-User, Rr            -o-o-- -------- 7433 4
Session-ID Rr               oooooo oooooooo 7989 5`

/** Header fields of RFC 3261 §20. */
const namesOfRfc3261 = 44

/** The columns of the table. */
export const methods: readonly string[] = 'ACK BYE CANCEL INVITE OPTIONS REGISTER PRACK SUBSCRIBE NOTIFY REFER INFO MESSAGE UPDATE PUBLISH'.split(' ')

/** One row: in which messages a header field must, should, may or may not stand. */
export interface HeaderRow {
  readonly name: string
  /** Several values, and fields, are allowed. */
  readonly list: boolean
  /** As in the table: `R`, `2xx`, `401,407` … */
  readonly where: string
  /** One character for each of `methods`. */
  readonly cells: string
  /** `RFC 3261 §20.1`. */
  readonly section: string
}

/** The rows, in the order of the table. */
export const headerTable: readonly HeaderRow[] = /* @__PURE__ */ readTable()

function readTable(): HeaderRow[] {
  const seen = new Set<string>()
  let above = ''
  return text.split('\n').slice(2).map((line) => {
    const [name = '', where = '', basic = '', extended = '', rfc, place = ''] = line.split(/ +/)
    seen.add(name)
    if (rfc !== undefined) above = `RFC ${rfc} §${place}`
    const section = rfc === undefined && seen.size <= namesOfRfc3261 ? `RFC 3261 §20.${seen.size}` : above
    return { name: name.replace(',', ''), list: name.endsWith(','), where, cells: basic + extended, section }
  })
}

/** What a row says about a message; undefined when it does not speak of such messages, or the method has no column. `statusCode` is 0 for a request. */
export function cellOf({ where, cells }: HeaderRow, method: string, statusCode: number): string | undefined {
  return where.split(',').some((one) => matches(one, statusCode)) ? cells[methods.indexOf(method)] : undefined
}

function matches(where: string, statusCode: number): boolean {
  if (statusCode === 0) return where.startsWith('R')
  const [first = '', last] = where.split('-')
  if (last !== undefined) return statusCode >= Number(first) && statusCode <= Number(last)
  return where.endsWith('r') || Array.from(where).every((digit, at) => digit === 'x' || digit === String(statusCode)[at])
}

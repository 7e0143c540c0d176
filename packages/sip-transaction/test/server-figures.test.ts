import { InviteServerTransaction, inviteServerTable } from '../src/invite-server-transaction.js'
import type { InviteServerEvent } from '../src/invite-server-transaction.js'
import { NonInviteServerTransaction, nonInviteServerTable } from '../src/non-invite-server-transaction.js'
import type { NonInviteServerEvent } from '../src/non-invite-server-transaction.js'
import { testFigure } from './support/figure.js'
import type { Effect } from './support/figure.js'
import { optionsOf, requestOf, responseTo } from './support/messages.js'

const NOW = 1000

testFigure({
  title: 'RFC 6026 figure 7: INVITE server transaction',
  table: inviteServerTable,
  events: [
    'start', 'INVITE', 'ACK', '1xx', '2xx', '300-699', 'transport error',
    'inviteTrying', 'G', 'H', 'I', 'L',
  ],
  figure: `
    initial    | start           | proceeding | INVITE to TU
    proceeding | INVITE          | proceeding | 183 sent again
    proceeding | inviteTrying    | proceeding | 100 sent
    proceeding | 1xx             | proceeding | 180 sent
    proceeding | 2xx             | accepted   | 200 sent
    proceeding | 300-699         | completed  | 486 sent
    proceeding | transport error | proceeding | error to TU
    completed  | INVITE          | completed  | 486 sent again
    completed  | ACK             | confirmed  |
    completed  | G               | completed  | 486 sent again
    completed  | H               | terminated | timer H to TU, end
    completed  | transport error | completed  | error to TU
    accepted   | INVITE          | accepted   |
    accepted   | ACK             | accepted   | ACK to TU
    accepted   | 2xx             | accepted   | 200 sent
    accepted   | L               | terminated | end
    accepted   | transport error | accepted   | error to TU
    confirmed  | ACK             | confirmed  |
    confirmed  | I               | terminated | end
  `,
  enter: (state, reliable) => {
    const invite = requestOf('INVITE')
    const machine = new InviteServerTransaction(optionsOf(invite, reliable))
    const respond = (statusCode: number, out: Effect[]): void =>
      machine.receive(NOW, responseTo(invite, statusCode), out)
    const feed = (event: InviteServerEvent, out: Effect[]): void => {
      switch (event) {
        case 'INVITE':
          if (machine.state === 'proceeding') respond(183, [])
          machine.receive(NOW, requestOf('INVITE'), out)
          break
        case 'ACK': machine.receive(NOW, requestOf('ACK'), out); break
        case '1xx': respond(180, out); break
        case '2xx': respond(200, out); break
        case '300-699': respond(486, out); break
        default: machine.receive(NOW, event, out)
      }
    }
    const paths: Record<typeof state, readonly InviteServerEvent[]> = {
      initial: [], proceeding: ['start'], completed: ['start', '300-699'], accepted: ['start', '2xx'],
      confirmed: ['start', '300-699', 'ACK'], terminated: ['start', '300-699', 'H'],
    }
    for (const event of paths[state]) feed(event, [])
    return { machine, feed }
  },
})

const requestEvents = [
  'start', 'request', 'early 100', '100', '101-199', '200-699', '408', 'transport error',
  'nonInviteTrying', 'nonInviteExpiry', 'J',
] as const

// Over an unreliable hop a 100 in "trying" is always early, over a reliable one it never is: a figure for each.
for (const reliable of [false, true]) {
  testFigure({
    title: `RFC 3261 figure 8 with RFC 4320 §4 and RFC 6026 §8.8: non-INVITE server transaction, ${reliable ? 'reliable' : 'unreliable'}`,
    hops: [reliable],
    table: nonInviteServerTable,
    events: requestEvents,
    figure: `
      initial    | start             | trying     | OPTIONS to TU
      trying     | request           | trying     |
      trying     | early 100         | trying     |
      trying     | 100               | proceeding | 100 sent
      trying     | 101-199           | trying     |
      trying     | nonInviteTrying   | proceeding | 100 sent
      trying     | 200-699           | completed  | 404 sent
      trying     | 408               | completed  |
      trying     | nonInviteExpiry   | completed  |
      trying     | transport error   | trying     | error to TU
      proceeding | request           | proceeding | 100 sent again
      proceeding | 100               | proceeding | 100 sent
      proceeding | 101-199           | proceeding |
      proceeding | 200-699           | completed  | 404 sent
      proceeding | 408               | completed  |
      proceeding | nonInviteExpiry   | completed  |
      proceeding | transport error   | proceeding | error to TU
      completed  | request           | completed  | 404 sent again
      completed  | 200-699           | completed  |
      completed  | J                 | terminated | end
      completed  | transport error   | completed  | error to TU
    `,
    enter: (state) => {
      const request = requestOf('OPTIONS')
      const machine = new NonInviteServerTransaction(optionsOf(request, reliable))
      const respond = (statusCode: number, out: Effect[]): void =>
        machine.receive(NOW, responseTo(request, statusCode), out)
      const feed = (event: NonInviteServerEvent, out: Effect[]): void => {
        switch (event) {
          case 'request': machine.receive(NOW, requestOf('OPTIONS'), out); break
          case 'early 100':
            if (reliable || machine.state !== 'trying') machine.receive(NOW, event as 'start', out) // cannot happen; fed all the same
            else respond(100, out)
            break
          case '100':
            // Cannot happen over an unreliable hop while trying, where it would be early; the row is fed as it stands.
            if (!reliable && machine.state === 'trying') machine.receive(NOW, 'nonInviteTrying', out)
            else respond(100, out)
            break
          case '101-199': respond(183, out); break
          case '200-699': respond(404, out); break
          case '408': respond(408, out); break
          default: machine.receive(NOW, event, out)
        }
      }
      const paths: Record<typeof state, readonly NonInviteServerEvent[]> = {
        initial: [], trying: ['start'], proceeding: ['start', 'nonInviteTrying'], completed: ['start', '200-699'],
        terminated: ['start', '200-699', 'J'],
      }
      for (const event of paths[state]) feed(event, [])
      return { machine, feed }
    },
  })
}

import { InviteClientTransaction, inviteClientTable } from '../src/invite-client-transaction.js'
import type { InviteClientEvent } from '../src/invite-client-transaction.js'
import { NonInviteClientTransaction, nonInviteClientTable } from '../src/non-invite-client-transaction.js'
import type { NonInviteClientEvent } from '../src/non-invite-client-transaction.js'
import { testFigure } from './support/figure.js'
import type { Effect } from './support/figure.js'
import { optionsOf, requestOf, responseTo } from './support/messages.js'

const NOW = 1000

testFigure({
  title: 'RFC 6026 figure 5: INVITE client transaction',
  table: inviteClientTable,
  events: ['start', '1xx', '2xx', '300-699', 'transport error', 'A', 'B', 'D', 'M'],
  figure: `
    initial    | start           | calling    | INVITE sent
    calling    | A               | calling    | INVITE sent again
    calling    | B               | terminated | timer B to TU, end
    calling    | transport error | terminated | error to TU, end
    calling    | 1xx             | proceeding | 180 to TU
    calling    | 2xx             | accepted   | 200 to TU
    calling    | 300-699         | completed  | ACK sent, 486 to TU
    proceeding | 1xx             | proceeding | 180 to TU
    proceeding | 2xx             | accepted   | 200 to TU
    proceeding | 300-699         | completed  | ACK sent, 486 to TU
    proceeding | transport error | terminated | error to TU, end
    completed  | 300-699         | completed  | ACK sent again
    completed  | D               | terminated | end
    completed  | transport error | terminated | error to TU, end
    accepted   | 2xx             | accepted   | 200 to TU
    accepted   | M               | terminated | end
    accepted   | transport error | terminated | error to TU, end
  `,
  enter: (state, reliable) => {
    const invite = requestOf('INVITE')
    const machine = new InviteClientTransaction(optionsOf(invite, reliable))
    const feed = (event: InviteClientEvent, out: Effect[]): void => {
      switch (event) {
        case '1xx': machine.receive(NOW, responseTo(invite, 180), out); break
        case '2xx': machine.receive(NOW, responseTo(invite, 200), out); break
        case '300-699': machine.receive(NOW, responseTo(invite, 486), out); break
        default: machine.receive(NOW, event, out)
      }
    }
    const paths: Record<typeof state, readonly InviteClientEvent[]> = {
      initial: [], calling: ['start'], proceeding: ['start', '1xx'], completed: ['start', '300-699'],
      accepted: ['start', '2xx'], terminated: ['start', 'transport error'],
    }
    for (const event of paths[state]) feed(event, [])
    return { machine, feed }
  },
})

testFigure({
  title: 'RFC 3261 figure 6: non-INVITE client transaction',
  table: nonInviteClientTable,
  events: ['start', '1xx', '200-699', 'transport error', 'E', 'F', 'K'],
  figure: `
    initial    | start           | trying     | OPTIONS sent
    trying     | E               | trying     | OPTIONS sent again
    trying     | F               | terminated | timer F to TU, end
    trying     | transport error | terminated | error to TU, end
    trying     | 1xx             | proceeding | 100 to TU
    trying     | 200-699         | completed  | 404 to TU
    proceeding | E               | proceeding | OPTIONS sent again
    proceeding | F               | terminated | timer F to TU, end
    proceeding | transport error | terminated | error to TU, end
    proceeding | 1xx             | proceeding | 100 to TU
    proceeding | 200-699         | completed  | 404 to TU
    completed  | K               | terminated | end
    completed  | transport error | terminated | end
  `,
  enter: (state, reliable) => {
    const request = requestOf('OPTIONS')
    const machine = new NonInviteClientTransaction(optionsOf(request, reliable))
    const feed = (event: NonInviteClientEvent, out: Effect[]): void => {
      switch (event) {
        case '1xx': machine.receive(NOW, responseTo(request, 100), out); break
        case '200-699': machine.receive(NOW, responseTo(request, 404), out); break
        default: machine.receive(NOW, event, out)
      }
    }
    const paths: Record<typeof state, readonly NonInviteClientEvent[]> = {
      initial: [], trying: ['start'], proceeding: ['start', '1xx'], completed: ['start', '200-699'],
      terminated: ['start', 'transport error'],
    }
    for (const event of paths[state]) feed(event, [])
    return { machine, feed }
  },
})

import { InviteServerTransaction, inviteServerTable } from '../src/invite-server-transaction.js'
import type { InviteServerEvent } from '../src/invite-server-transaction.js'
import { NonInviteServerTransaction, nonInviteServerTable } from '../src/non-invite-server-transaction.js'
import type { NonInviteServerEvent } from '../src/non-invite-server-transaction.js'
import { timerDurations } from '../src/timer-values.js'
import type { MachineEffect } from '../src/transaction-effect.js'
import { fireTimer, testFigure } from './support/figure.js'
import { requestOf, responseTo } from './support/messages.js'

const NOW = 1000

testFigure({
  title: 'RFC 6026 figure 7: INVITE server transaction',
  table: inviteServerTable,
  events: [
    'INVITE', 'ACK', '1xx from TU', '2xx from TU', '300-699 from TU', 'transport error',
    'timer 100', 'timer G', 'timer H', 'timer I', 'timer L',
  ],
  figure: `
    initial    | INVITE          | proceeding | INVITE to TU
    proceeding | INVITE          | proceeding | 183 sent again
    proceeding | timer 100       | proceeding | 100 sent
    proceeding | 1xx from TU     | proceeding | 180 sent
    proceeding | 2xx from TU     | accepted   | 200 sent
    proceeding | 300-699 from TU | completed  | 486 sent
    proceeding | transport error | proceeding | error to TU
    completed  | INVITE          | completed  | 486 sent again
    completed  | ACK             | confirmed  |
    completed  | timer G         | completed  | 486 sent again
    completed  | timer H         | terminated | timer H to TU, end
    completed  | transport error | completed  | error to TU
    accepted   | INVITE          | accepted   |
    accepted   | ACK             | accepted   | ACK to TU
    accepted   | 2xx from TU     | accepted   | 200 sent
    accepted   | timer L         | terminated | end
    accepted   | transport error | accepted   | error to TU
    confirmed  | ACK             | confirmed  |
    confirmed  | timer I         | terminated | end
  `,
  enter: (state, reliable) => {
    const invite = requestOf('INVITE')
    const machine = new InviteServerTransaction(invite, timerDurations({ reliable }))
    const respond = (statusCode: number, out: MachineEffect[]): void =>
      machine.receive(NOW, { type: 'respond', response: responseTo(invite, statusCode) }, out)
    const feed = (event: InviteServerEvent, out: MachineEffect[]): void => {
      switch (event) {
        case 'INVITE':
          if (machine.state === 'initial') machine.start(NOW, out)
          else machine.receive(NOW, { type: 'request', request: requestOf('INVITE') }, out)
          break
        case 'ACK': machine.receive(NOW, { type: 'request', request: requestOf('ACK') }, out); break
        case '1xx from TU': respond(180, out); break
        case '2xx from TU': respond(200, out); break
        case '300-699 from TU': respond(486, out); break
        case 'transport error': machine.receive(NOW, { type: 'transport-error' }, out); break
        default: fireTimer(machine, NOW, event, out)
      }
    }
    const paths: Record<typeof state, readonly InviteServerEvent[]> = {
      initial: [], proceeding: ['INVITE'], completed: ['INVITE', '300-699 from TU'], accepted: ['INVITE', '2xx from TU'],
      confirmed: ['INVITE', '300-699 from TU', 'ACK'], terminated: ['INVITE', '300-699 from TU', 'timer H'],
    }
    for (const event of paths[state]) feed(event, [])
    if (state === 'proceeding') respond(183, [])
    return { machine, feed }
  },
})

const requestEvents = [
  'request', 'early 100 from TU', '100 from TU', '101-199 from TU', '200-699 from TU', '408 from TU', 'transport error',
  'timer 100', 'timer J',
] as const

// Over an unreliable hop a 100 in "trying" is always early, over a reliable one it never is: a figure for each.
for (const reliable of [false, true]) {
  testFigure({
    title: `RFC 3261 figure 8 with RFC 4320 §4 and RFC 6026 §8.8: non-INVITE server transaction, ${reliable ? 'reliable' : 'unreliable'}`,
    hops: [reliable],
    table: nonInviteServerTable,
    events: requestEvents,
    figure: `
      initial    | request           | trying     | OPTIONS to TU
      trying     | request           | trying     |
      trying     | early 100 from TU | trying     |
      trying     | 100 from TU       | proceeding | 100 sent
      trying     | 101-199 from TU   | trying     |
      trying     | timer 100         | proceeding | 100 sent
      trying     | 200-699 from TU   | completed  | 404 sent
      trying     | 408 from TU       | completed  |
      trying     | transport error   | trying     | error to TU
      proceeding | request           | proceeding | 100 sent again
      proceeding | 100 from TU       | proceeding | 100 sent
      proceeding | 101-199 from TU   | proceeding |
      proceeding | 200-699 from TU   | completed  | 404 sent
      proceeding | 408 from TU       | completed  |
      proceeding | transport error   | proceeding | error to TU
      completed  | request           | completed  | 404 sent again
      completed  | 200-699 from TU   | completed  |
      completed  | timer J           | terminated | end
      completed  | transport error   | completed  | error to TU
    `,
    enter: (state) => {
      const request = requestOf('OPTIONS')
      const machine = new NonInviteServerTransaction(request, timerDurations({ reliable }))
      const respond = (statusCode: number, out: MachineEffect[]): void =>
        machine.receive(NOW, { type: 'respond', response: responseTo(request, statusCode) }, out)
      const feed = (event: NonInviteServerEvent, out: MachineEffect[]): void => {
        switch (event) {
          case 'request':
            if (machine.state === 'initial') machine.start(NOW, out)
            else machine.receive(NOW, { type: 'request', request: requestOf('OPTIONS') }, out)
            break
          case 'early 100 from TU':
            if (reliable || machine.state !== 'trying') fireTimer(machine, NOW, event, out)
            else respond(100, out)
            break
          case '100 from TU':
            // Cannot happen over an unreliable hop while trying, where it would be early; the row is fed as it stands.
            if (!reliable && machine.state === 'trying') fireTimer(machine, NOW, 'timer 100', out)
            else respond(100, out)
            break
          case '101-199 from TU': respond(183, out); break
          case '200-699 from TU': respond(404, out); break
          case '408 from TU': respond(408, out); break
          case 'transport error': machine.receive(NOW, { type: 'transport-error' }, out); break
          default: fireTimer(machine, NOW, event, out)
        }
      }
      const paths: Record<typeof state, readonly NonInviteServerEvent[]> = {
        initial: [], trying: ['request'], proceeding: ['request', 'timer 100'], completed: ['request', '200-699 from TU'],
        terminated: ['request', '200-699 from TU', 'timer J'],
      }
      for (const event of paths[state]) feed(event, [])
      return { machine, feed }
    },
  })
}

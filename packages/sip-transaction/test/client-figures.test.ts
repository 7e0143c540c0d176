import { InviteClientTransaction, inviteClientTable } from '../src/invite-client-transaction.js'
import type { InviteClientEvent } from '../src/invite-client-transaction.js'
import { NonInviteClientTransaction, nonInviteClientTable } from '../src/non-invite-client-transaction.js'
import type { NonInviteClientEvent } from '../src/non-invite-client-transaction.js'
import { timerDurations } from '../src/timer-values.js'
import type { MachineEffect } from '../src/transaction-effect.js'
import { fireTimer, testFigure } from './support/figure.js'
import { requestOf, responseTo } from './support/messages.js'

const NOW = 1000

testFigure({
  title: 'RFC 6026 figure 5: INVITE client transaction',
  table: inviteClientTable,
  events: ['INVITE from TU', '1xx', '2xx', '300-699', 'transport error', 'timer A', 'timer B', 'timer D', 'timer M'],
  figure: `
    initial    | INVITE from TU  | calling    | INVITE sent
    calling    | timer A         | calling    | INVITE sent again
    calling    | timer B         | terminated | timer B to TU, end
    calling    | transport error | terminated | error to TU, end
    calling    | 1xx             | proceeding | 180 to TU
    calling    | 2xx             | accepted   | 200 to TU
    calling    | 300-699         | completed  | ACK sent, 486 to TU
    proceeding | 1xx             | proceeding | 180 to TU
    proceeding | 2xx             | accepted   | 200 to TU
    proceeding | 300-699         | completed  | ACK sent, 486 to TU
    proceeding | transport error | terminated | error to TU, end
    completed  | 300-699         | completed  | ACK sent again
    completed  | timer D         | terminated | end
    completed  | transport error | terminated | error to TU, end
    accepted   | 2xx             | accepted   | 200 to TU
    accepted   | timer M         | terminated | end
    accepted   | transport error | terminated | error to TU, end
  `,
  enter: (state, reliable) => {
    const invite = requestOf('INVITE')
    const machine = new InviteClientTransaction(invite, timerDurations({ reliable }))
    const feed = (event: InviteClientEvent, out: MachineEffect[]): void => {
      switch (event) {
        case 'INVITE from TU': machine.start(NOW, out); break
        case '1xx': machine.receive(NOW, { type: 'response', response: responseTo(invite, 180) }, out); break
        case '2xx': machine.receive(NOW, { type: 'response', response: responseTo(invite, 200) }, out); break
        case '300-699': machine.receive(NOW, { type: 'response', response: responseTo(invite, 486) }, out); break
        case 'transport error': machine.receive(NOW, { type: 'transport-error' }, out); break
        default: fireTimer(machine, NOW, event, out)
      }
    }
    const paths: Record<typeof state, readonly InviteClientEvent[]> = {
      initial: [], calling: ['INVITE from TU'], proceeding: ['INVITE from TU', '1xx'], completed: ['INVITE from TU', '300-699'],
      accepted: ['INVITE from TU', '2xx'], terminated: ['INVITE from TU', 'transport error'],
    }
    for (const event of paths[state]) feed(event, [])
    return { machine, feed }
  },
})

testFigure({
  title: 'RFC 3261 figure 6: non-INVITE client transaction',
  table: nonInviteClientTable,
  events: ['request from TU', '1xx', '200-699', 'transport error', 'timer E', 'timer F', 'timer K'],
  figure: `
    initial    | request from TU | trying     | OPTIONS sent
    trying     | timer E         | trying     | OPTIONS sent again
    trying     | timer F         | terminated | timer F to TU, end
    trying     | transport error | terminated | error to TU, end
    trying     | 1xx             | proceeding | 100 to TU
    trying     | 200-699         | completed  | 404 to TU
    proceeding | timer E         | proceeding | OPTIONS sent again
    proceeding | timer F         | terminated | timer F to TU, end
    proceeding | transport error | terminated | error to TU, end
    proceeding | 1xx             | proceeding | 100 to TU
    proceeding | 200-699         | completed  | 404 to TU
    completed  | timer K         | terminated | end
    completed  | transport error | terminated | end
  `,
  enter: (state, reliable) => {
    const request = requestOf('OPTIONS')
    const machine = new NonInviteClientTransaction(request, timerDurations({ reliable }))
    const feed = (event: NonInviteClientEvent, out: MachineEffect[]): void => {
      switch (event) {
        case 'request from TU': machine.start(NOW, out); break
        case '1xx': machine.receive(NOW, { type: 'response', response: responseTo(request, 100) }, out); break
        case '200-699': machine.receive(NOW, { type: 'response', response: responseTo(request, 404) }, out); break
        case 'transport error': machine.receive(NOW, { type: 'transport-error' }, out); break
        default: fireTimer(machine, NOW, event, out)
      }
    }
    const paths: Record<typeof state, readonly NonInviteClientEvent[]> = {
      initial: [], trying: ['request from TU'], proceeding: ['request from TU', '1xx'], completed: ['request from TU', '200-699'],
      terminated: ['request from TU', 'transport error'],
    }
    for (const event of paths[state]) feed(event, [])
    return { machine, feed }
  },
})

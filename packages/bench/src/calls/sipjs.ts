// sip.js's UserAgentCore, its leanest layer that makes whole calls.
import {
  LoggerFactory, Parser, UserAgentCore, type Session, type UserAgentCoreConfiguration, type UserAgentCoreDelegate,
} from 'sip.js/lib/core/index.js'
import { URI } from 'sip.js/lib/grammar/uri.js'
import { answer, offer, wire, type CallMaker, type Established } from './call-maker.ts'

const loggers = new LoggerFactory()
loggers.builtinEnabled = false

function core(user: string, send: (text: string) => void, delegate: UserAgentCoreDelegate): UserAgentCore {
  const uri = new URI('sip', user, 'example.com')
  const configuration: UserAgentCoreConfiguration = {
    aor: uri,
    contact: { pubGruu: undefined, tempGruu: undefined, uri, toString: () => `<sip:${user}@192.0.2.1;transport=ws>` },
    displayName: '', loggerFactory: loggers, hackViaTcp: false, routeSet: [], sipjsId: 'bench', supportedOptionTags: [], supportedOptionTagsResponse: [], userAgentHeaderFieldValue: 'bench', viaForceRport: false, viaHost: `${user}.invalid`,
    authenticationFactory: () => undefined,
    transportAccessor: () => ({ protocol: 'WS', send: (text) => Promise.resolve().then(() => send(text)) }),
  }
  return new UserAgentCore(configuration, delegate)
}

function receive(agent: UserAgentCore, text: string): void {
  const message = Parser.parseMessage(text, loggers.getLogger('sip.parser'))
  if (message === undefined) throw new TypeError('sip.js sent what it cannot read')
  if ('method' in message && 'ruri' in message) agent.receiveIncomingRequestFromTransport(message)
  else agent.receiveIncomingResponseFromTransport(message)
}

const body = (content: string): { contentDisposition: string; contentType: string; content: string } => ({ contentDisposition: 'session', contentType: 'application/sdp', content })

export function sipjs(): CallMaker {
  let byeArrived: () => void = () => undefined
  let ackArrived: () => void = () => undefined
  const bob: UserAgentCore = core('bob', wire((text) => receive(alice, text)), {
    onInvite: (incoming) => {
      incoming.progress({ statusCode: 180 })
      const { session } = incoming.accept({ statusCode: 200, body: body(answer) })
      session.delegate = {
        onAck: () => ackArrived(),
        onBye: (request) => {
          request.accept()
          byeArrived()
        },
      }
    },
  })
  const alice: UserAgentCore = core('alice', wire((text) => receive(bob, text)), {})
  const [from, to] = [new URI('sip', 'alice', 'example.com'), new URI('sip', 'bob', 'example.com')]
  return {
    place: () => new Promise<Established>((resolve) => {
      const request = alice.makeOutgoingRequestMessage('INVITE', to, from, to, {}, ['Contact: <sip:alice@192.0.2.1;transport=ws>'], body(offer))
      alice.invite(request, {
        onAccept: (response) => {
          ackArrived = () => resolve(established(response.session))
          response.ack()
        },
      })
    }),
    close: () => undefined,
  }

  function established(session: Session): Established {
    return {
      hangUp: () => new Promise((resolve) => {
        let waiting = 2
        const down = (): void => {
          if (--waiting === 0) resolve()
        }
        byeArrived = down
        session.bye({ onAccept: down })
      }),
    }
  }
}

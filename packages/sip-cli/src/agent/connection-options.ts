import type { OptionTable } from '../command-line/arguments.js'

/** Options of every command that speaks SIP as a client. */
export const connectionOptions: OptionTable = {
  user: { value: '<name>', text: 'who we are: a user of the target’s domain, or a whole address name@domain' },
  password: { value: '<text>', text: 'answers the digest challenges of servers' },
  route: { value: '<uri>', text: 'server that everything goes through: sip:host;transport=tcp, ws://host:port/path, wss://…' },
  listen: { value: '<transport:host:port>', repeatable: true, text: 'local address: udp:127.0.0.1:5070, tcp:[::1]:5070, tls:, ws:, wss:' },
  cert: { value: '<file>', text: 'certificate (PEM) for --listen tls: and wss:' },
  key: { value: '<file>', text: 'its private key (PEM)' },
  ca: { value: '<file>', text: 'authority (PEM) that signed the other side’s certificate' },
  ladder: { text: 'draw the messages as a ladder at the end' },
}

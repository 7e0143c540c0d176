// node main.ts [identity] [target] [server] [password]
import { registerAndCall } from './register-and-call.ts'

const [, , identity = 'sip:alice@localhost', target = 'sip:echo@localhost', server = 'sip:127.0.0.1:5060', password] = process.argv
const answered = await registerAndCall({ identity, target, server, duration: 3000, ...(password === undefined ? {} : { password }) }, console.log)
process.exit(answered ? 0 : 1)

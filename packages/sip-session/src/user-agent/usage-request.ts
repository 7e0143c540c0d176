import type { Flow } from '@offhook/sip-transport'
import type { Dialog, DialogRequest } from '../dialog/dialog.js'
import { ClientRequest } from '../signalling/client-request.js'
import type { RequestHost, RequestListener } from '../signalling/client-request.js'

/** Sends a request of a usage that is not the INVITE's, in a dialog that they may share (RFC 5057 §3). */
export function sendInDialog(host: RequestHost, dialog: Dialog, kept: Flow | undefined, method: string, added: DialogRequest, listener: RequestListener): ClientRequest {
  const client = new ClientRequest(host, dialog.createRequest(method, added), { nextHop: dialog.nextHop, kept, numbering: dialog, listener })
  client.start()
  return client
}

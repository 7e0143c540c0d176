import { Softphone } from '@offhook/sip-webrtc'

const element = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement
const say = (text: string): void => void (element('state').textContent = text)
const { server = 'ws://127.0.0.1:8080/sip', identity = 'sip:example@localhost' } = Object.fromEntries(new URLSearchParams(location.search))

const phone = new Softphone({ server, identity })
phone.on('incoming', (call) => void call.answer())
element('hang-up').onclick = () => phone.calls.forEach((call) => void call.hangUp())
element('call').onclick = async () => {
  const call = phone.call(element('target').value)
  call.on('state', ({ name }) => say(name))
  say(`ended: ${(await call.ended).reason}`)
}
void phone.register().then(() => say('Ready'), (error: unknown) => say(String(error)))

import { describe, expect, it } from 'vitest'
import { AudioOutput } from '../src/audio-output.js'
import { Softphone } from '../src/softphone.js'

describe('where there is no browser', () => {
  it('the package can be imported and a softphone made; a call says what is missing', async () => {
    const phone = new Softphone({ server: 'wss://sip.example.com', identity: 'sip:alice@example.com', input: null })
    expect([phone.calls, phone.devices.microphone, phone.devices.speaker]).toEqual([[], '', ''])
    const call = phone.call('bob')
    expect(await call.answered).toMatchObject({ answered: false, end: { by: 'error', cause: 'media', error: { name: 'MediaError', code: 'no-peer-connection' } } })
    await expect(phone.devices.list()).rejects.toMatchObject({ code: 'insecure-page' })
    await phone.close()
    expect(() => phone.call('bob')).toThrow(expect.objectContaining({ code: 'closed' }) as Error)
  })

  it('a page that is not secure has no microphones, and is told so', async () => {
    const phone = new Softphone({ server: 'wss://sip.example.com', identity: 'sip:alice@example.com' })
    const { error } = await phone.call('bob').ended
    expect(error).toMatchObject({ code: 'insecure-page', message: expect.stringContaining('HTTPS') as string })
    await phone.close()
  })
})

describe('playing the peers', () => {
  /** An audio element that plays when it may. */
  class Element {
    srcObject: unknown = null
    sink = ''
    allowed: boolean
    playing = false

    constructor(allowed: boolean) {
      this.allowed = allowed
    }

    play(): Promise<void> {
      if (!this.allowed) return Promise.reject(new DOMException('no gesture', 'NotAllowedError'))
      this.playing = true
      return Promise.resolve()
    }

    setSinkId(deviceId: string): Promise<void> {
      this.sink = deviceId
      return Promise.resolve()
    }
  }
  const stream = (): MediaStream => ({}) as unknown as MediaStream
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

  it('before the user has done anything: the application is told, and plays from a click', async () => {
    const element = new Element(false)
    const output = new AudioOutput(element as unknown as HTMLMediaElement)
    const resumes: (() => Promise<void>)[] = []
    const forget = output.onBlocked((resume) => resumes.push(resume))
    output.play(stream())
    await turn()
    expect([resumes.length, element.playing]).toEqual([1, false])
    element.allowed = true
    await resumes[0]?.()
    expect(element.playing).toBe(true)
    forget()
  })

  it('one stream on the page\'s element, which is free again afterwards', async () => {
    const element = new Element(true)
    const output = new AudioOutput(element as unknown as HTMLMediaElement)
    const [first, second, third] = [stream(), stream(), stream()]
    output.play(first)
    output.play(first)
    output.play(second)
    expect(element.srcObject).toBe(first)
    output.stop(second)
    expect(element.srcObject).toBe(first)
    output.stop(first)
    output.stop(first)
    expect(element.srcObject).toBe(null)
    await output.setSink('speakers')
    output.play(third)
    await turn()
    expect([element.srcObject, element.sink]).toEqual([third, 'speakers'])
  })

  it('a browser that cannot choose loudspeakers says so', async () => {
    const element = { ...new Element(true), play: () => Promise.resolve() }
    await expect(new AudioOutput(element as unknown as HTMLMediaElement).setSink('x')).rejects.toMatchObject({ name: 'MediaError', code: 'output-failed' })
  })
})

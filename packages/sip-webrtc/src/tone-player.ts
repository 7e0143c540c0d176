import { MediaError } from './media-error.js'

/** Bounds of the W3C's `insertDTMF`, in milliseconds. */
const MIN_DURATION = 40
const MAX_DURATION = 6_000
const MIN_GAP = 30

/** Plays tones through a sender, one string after the other (RFC 4733). */
export class TonePlayer {
  #queue: Promise<unknown> = Promise.resolve()
  #stop: (() => void) | undefined
  #closed = false

  /**
   * Plays tones; resolves when the last has ended, with false when the peer did not negotiate tones.
   * @throws MediaError `bad-tone`, `closed`
   */
  play(sender: RTCRtpSender | undefined, tones: string, { duration, gap }: { readonly duration: number; readonly gap: number }): Promise<boolean> {
    if (!/^[\dA-Da-d*#,]*$/.test(tones)) return Promise.reject(new MediaError('bad-tone', `"${tones}" has other signs than 0–9, A–D, *, # and ,`))
    // A second insertDTMF would throw away what the first has not played yet.
    const played = this.#queue.then(() => this.#playNow(sender?.dtmf ?? undefined, tones, Math.min(Math.max(duration, MIN_DURATION), MAX_DURATION), Math.max(gap, MIN_GAP)))
    this.#queue = played.catch(() => undefined)
    return played
  }

  /** Ends what is playing and refuses what waits. */
  close(): void {
    this.#closed = true
    this.#stop?.()
  }

  #playNow(dtmf: RTCDTMFSender | undefined, tones: string, duration: number, gap: number): Promise<boolean> {
    if (this.#closed) return Promise.reject(new MediaError('closed', 'The call is over'))
    if (dtmf?.canInsertDTMF !== true) return Promise.resolve(false)
    if (tones === '') return Promise.resolve(true)
    return new Promise((resolve, reject) => {
      const onTone = ({ tone }: RTCDTMFToneChangeEvent): void => {
        // The empty tone comes once all have been played.
        if (tone !== '') return
        dtmf.removeEventListener('tonechange', onTone)
        this.#stop = undefined
        resolve(true)
      }
      this.#stop = () => {
        dtmf.removeEventListener('tonechange', onTone)
        reject(new MediaError('closed', 'The call ended while tones were playing'))
      }
      dtmf.addEventListener('tonechange', onTone)
      dtmf.insertDTMF(tones, duration, gap)
    })
  }
}

import { MediaError } from '../media-error.js'

/** Several sounds as one track. */
export class SoundMix {
  readonly #context: AudioContext
  readonly #destination: MediaStreamAudioDestinationNode
  readonly #sources = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>()
  readonly #owned: AudioContext | undefined

  /** A context given to it alone is closed with it: pass `owned: false` for a shared one. */
  constructor(context: AudioContext, owned = true) {
    this.#context = context
    this.#owned = owned ? context : undefined
    this.#destination = context.createMediaStreamDestination()
  }

  /** The mix. It belongs to whoever takes it. @throws MediaError `closed` */
  get track(): MediaStreamTrack {
    const [track] = this.#destination.stream.getAudioTracks()
    if (track === undefined) throw new MediaError('closed', 'This mix is closed')
    return track
  }

  add(track: MediaStreamTrack): void {
    if (this.#sources.has(track)) return
    const source = new MediaStreamAudioSourceNode(this.#context, { mediaStream: new MediaStream([track]) })
    source.connect(this.#destination)
    this.#sources.set(track, source)
  }

  remove(track: MediaStreamTrack): void {
    this.#sources.get(track)?.disconnect()
    this.#sources.delete(track)
  }

  /** Takes out what is not in the list, and adds what is new. */
  become(tracks: readonly MediaStreamTrack[]): void {
    for (const track of this.#sources.keys()) if (!tracks.includes(track)) this.remove(track)
    for (const track of tracks) this.add(track)
  }

  close(): void {
    for (const track of [...this.#sources.keys()]) this.remove(track)
    for (const track of this.#destination.stream.getTracks()) track.stop()
    if (this.#owned?.state !== 'closed') void this.#owned?.close()
  }
}

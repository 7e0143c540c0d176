/**
 * What the peer sends: one stream for the whole call, whichever of its connections is in use. The tracks in it come and go,
 * so that whoever plays it needs to know nothing of forks.
 */
export class RemoteStream {
  readonly #Stream: () => new () => MediaStream
  readonly #changed: (stream: MediaStream, isFirst: boolean) => void
  readonly #received = new Map<RTCPeerConnection, Set<MediaStreamTrack>>()
  #connection: RTCPeerConnection | undefined
  #stream: MediaStream | undefined

  constructor(Stream: () => new () => MediaStream, changed: (stream: MediaStream, isFirst: boolean) => void) {
    this.#Stream = Stream
    this.#changed = changed
  }

  /** Undefined before the first track. */
  get stream(): MediaStream | undefined {
    return this.#stream
  }

  /** A connection got a track. */
  take(connection: RTCPeerConnection, track: MediaStreamTrack): void {
    const tracks = this.#received.get(connection) ?? new Set()
    this.#received.set(connection, tracks.add(track))
    if (connection === this.#connection) this.#show()
  }

  /** The peer is now heard through this connection. */
  use(connection: RTCPeerConnection | undefined): void {
    this.#connection = connection
    this.#show()
  }

  /** A description was agreed on: pictures that do not come any more are taken out. */
  settle(connection: RTCPeerConnection): void {
    for (const { receiver: { track }, currentDirection } of connection.getTransceivers()) {
      if (track.kind === 'video' && currentDirection?.includes('recv') !== true) this.#received.get(connection)?.delete(track)
    }
    this.#show()
  }

  #show(): void {
    const wanted = [...(this.#connection === undefined ? [] : this.#received.get(this.#connection) ?? [])]
    const isFirst = this.#stream === undefined
    if (isFirst && wanted.length === 0) return
    const stream = (this.#stream ??= new (this.#Stream())())
    const present = stream.getTracks()
    for (const track of present) if (!wanted.includes(track)) stream.removeTrack(track)
    for (const track of wanted) if (!present.includes(track)) stream.addTrack(track)
    if (isFirst || present.length !== wanted.length || !wanted.every((track) => present.includes(track))) this.#changed(stream, isFirst)
  }
}

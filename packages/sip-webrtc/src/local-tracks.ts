import { type MediaInput, openInput } from './local-input.js'
import type { MediaPlatform } from './platform.js'

/** Sound or picture. */
export type MediaKind = 'audio' | 'video'

/** A call's own tracks. All are owned: whoever takes one out of here has to stop it. */
export class LocalTracks {
  readonly #platform: MediaPlatform
  #tracks: readonly MediaStreamTrack[] = []
  #opening: Promise<void> | undefined
  #closed = false
  readonly #muted = new Set<string>()
  /** True while the whole call is held. */
  held = false
  /** Kinds that are held by themselves. */
  readonly heldKinds: Set<string> = new Set<string>()

  constructor(platform: MediaPlatform) {
    this.#platform = platform
  }

  get all(): readonly MediaStreamTrack[] {
    return this.#tracks
  }

  has(kind: string): boolean {
    return this.#tracks.some((track) => track.kind === kind)
  }

  isHeld(kind: string): boolean {
    return this.held || this.heldKinds.has(kind)
  }

  isMuted(kind: MediaKind): boolean {
    return this.#muted.has(kind)
  }

  /** Opens the input once. @throws MediaError when it cannot be opened */
  open(input: () => MediaInput): Promise<void> {
    this.#opening ??= this.#take(input())
    return this.#opening
  }

  /** Takes tracks in the place of those of their kinds, and returns the old ones, which still run. */
  replace(tracks: readonly MediaStreamTrack[]): readonly MediaStreamTrack[] {
    const replaced = this.#tracks.filter(({ kind }) => tracks.some((track) => track.kind === kind))
    this.#tracks = [...this.#tracks.filter((track) => !replaced.includes(track)), ...tracks]
    this.enable()
    return replaced
  }

  /** Stops the tracks of a kind, and forgets them. */
  drop(kind: MediaKind): void {
    for (const track of this.#tracks) if (track.kind === kind) track.stop()
    this.#tracks = this.#tracks.filter((track) => track.kind !== kind)
  }

  mute(kind: MediaKind, muted: boolean): void {
    if (muted) this.#muted.add(kind)
    else this.#muted.delete(kind)
    this.enable()
  }

  /** A track runs unless its kind is muted or held. */
  enable(): void {
    for (const track of this.#tracks) track.enabled = !this.#muted.has(track.kind) && !this.isHeld(track.kind)
  }

  close(): void {
    this.#closed = true
    for (const track of this.#tracks) track.stop()
  }

  async #take(input: MediaInput): Promise<void> {
    try {
      const tracks = await openInput(input, this.#platform)
      // Another input may have come by `replace` while this one opened: it counts.
      const wanted = tracks.filter(({ kind }) => !this.has(kind))
      for (const track of tracks) if (this.#closed || !wanted.includes(track)) track.stop()
      if (this.#closed) return
      this.replace(wanted)
    } catch (error) {
      // Asked again at the next description: the user may have allowed it by then.
      this.#opening = undefined
      throw error
    }
  }
}

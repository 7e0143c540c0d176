import { MediaError } from './media-error.js'
import { type MediaPlatform, mediaDevicesOf } from './platform.js'

/**
 * Where a call's own sound and picture come from: constraints for the devices, a stream, or a function that
 * brings one. Tracks of a given stream are cloned, so that muting or ending the call leaves it as it is;
 * what a function brings belongs to the call. `null`: only listen.
 */
export type MediaInput = MediaStreamConstraints | MediaStream | (() => MediaStream | Promise<MediaStream>) | null

/** Opens an input; every track returned is the caller's to stop. @throws MediaError */
export async function openInput(input: MediaInput, platform: MediaPlatform): Promise<readonly MediaStreamTrack[]> {
  if (input === null) return []
  try {
    if (typeof input === 'function') return (await input()).getTracks()
    if (isStream(input)) return input.getTracks().map((track) => track.clone())
    return (await mediaDevicesOf(platform).getUserMedia(input)).getTracks()
  } catch (error) {
    throw error instanceof MediaError ? error : describeFailure(error)
  }
}

function isStream(input: MediaStreamConstraints | MediaStream): input is MediaStream {
  return 'getTracks' in input
}

function describeFailure(error: unknown): MediaError {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return new MediaError('input-denied', 'The microphone is not allowed: permit it for this page in the browser', error)
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new MediaError('input-missing', 'There is no such microphone: choose another', error)
    case 'NotReadableError':
    case 'AbortError':
      return new MediaError('input-busy', 'The microphone cannot be read: close the other program that uses it', error)
    default:
      return new MediaError('input-failed', 'The microphone could not be opened', error)
  }
}

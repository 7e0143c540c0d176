import type { MediaDescription, Section } from './session-description.js'

/**
 * A piece of a description that carries ICE candidates as they are found: the body `application/trickle-ice-sdpfrag`
 * of an INFO request (RFC 8840 §9). Its `m=` lines only say, by their `a=mid`, which stream of the description is meant.
 */
export interface SdpFragment extends Section {
  readonly media: readonly MediaDescription[]
}

/** The media type of a fragment (RFC 8840 §12.2); its Info-Package is `trickle-ice`. */
export const SDP_FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag'

/** Bounds on what a peer may make us hold. All are checked before anything is stored. */
export interface SdpLimits {
  /** Length of the whole text in bytes (UTF-16 units for a string). Default 262144. */
  readonly maxBytes: number
  /** Lines, empty ones included. Default 5000. */
  readonly maxLines: number
  /** `m=` lines. Default 128. */
  readonly maxMedia: number
  /** Formats on one `m=` line. Default 256. */
  readonly maxFormats: number
}

/** The limits that hold when none are given. */
export const DEFAULT_SDP_LIMITS: SdpLimits = { maxBytes: 262_144, maxLines: 5_000, maxMedia: 128, maxFormats: 256 }

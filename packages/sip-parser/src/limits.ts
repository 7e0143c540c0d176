/** Bounds that are checked before anything is allocated for what they bound. */
export interface Limits {
  /** Whole message, bytes. Default 65,535. */
  readonly maxMessageBytes: number
  /** Start line and header section, bytes. Default 65,536. */
  readonly maxHeaderBytes: number
  /** Header fields, counted as written (a comma list is one). Default 256. */
  readonly maxHeaderFields: number
  /** Body, bytes: the announced Content-Length is checked, too. Default 65,535. */
  readonly maxBodyBytes: number
}

export const defaultLimits: Limits = {
  maxMessageBytes: 65_535,
  maxHeaderBytes: 65_536,
  maxHeaderFields: 256,
  maxBodyBytes: 65_535,
}

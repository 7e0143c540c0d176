/** Final responses that end a subscription, to a SUBSCRIBE within it as to a NOTIFY (RFC 6665 §4.1.2.2, §4.2.2). */
const ENDING = [404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]

/** Whether this response to a SUBSCRIBE or NOTIFY shows that the subscription is no more. */
export function endsSubscription(statusCode: number): boolean {
  return ENDING.includes(statusCode)
}

/** Seconds after which a subscription that was on probation may be tried again, when nobody says. */
const PROBATION = 60

/**
 * Milliseconds after which a subscription that the notifier ended may be made anew, `undefined` when it should not be
 * (RFC 6665 §4.1.3).
 *
 * @param reason of the Subscription-State
 * @param retryAfter of the Subscription-State, in seconds
 */
export function resubscribeDelay(reason: string | undefined, retryAfter: number | undefined): number | undefined {
  switch (reason?.toLowerCase()) {
    case 'rejected':
    case 'noresource':
    case 'invariant':
      return undefined
    case 'deactivated':
    case 'timeout':
      return 0
    case 'probation':
      return 1000 * (retryAfter ?? PROBATION)
    default:
      return 1000 * (retryAfter ?? 0)
  }
}

import type { Clock } from '../clock.js'
import type { Instant } from '../machine.js'

/** The longest delay that hosts keep in their 32-bit timers; longer ones would fire at once. */
const LONGEST_DELAY = 0x7fff_ffff

/** How a host clock is made. */
export interface HostClockOptions {
  /** `false` lets a Node process end although alarms are pending. Hosts without `unref` ignore it. `true` unless told. */
  readonly keepAlive?: boolean
}

/** A clock on the monotonic time and the timers of the host: browser, worker, Node, Deno, Bun, React Native. */
export function createHostClock(options: HostClockOptions = {}): Clock {
  const keepAlive = options.keepAlive ?? true
  return {
    now: () => performance.now(),
    schedule(at: Instant, wake: () => void): () => void {
      let handle: ReturnType<typeof setTimeout> | undefined
      const step = (): void => {
        const left = at - performance.now()
        if (left <= 0 && handle !== undefined) {
          wake()
          return
        }
        // Hosts may fire up to a millisecond early and cap long delays: each step looks at the time again.
        handle = setTimeout(step, Math.max(0, Math.min(Math.ceil(left), LONGEST_DELAY)))
        if (!keepAlive) release(handle)
      }
      if (at === Infinity) return () => undefined
      step()
      return () => clearTimeout(handle)
    },
  }
}

/** Node's timers are objects that can be told not to keep the process alive; those of browsers are numbers. */
function release(handle: unknown): void {
  const timer = handle as { unref?: () => void } | number
  if (typeof timer === 'object') timer.unref?.()
}

/** The host's clock; pending alarms keep a Node process alive. */
export const hostClock: Clock = createHostClock()

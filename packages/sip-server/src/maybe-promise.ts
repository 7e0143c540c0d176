/** A value that is here, or that a slower source will bring. */
export type MaybePromise<T> = T | Promise<T>

/** Goes on at once with a value that is here, later with one that is promised. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

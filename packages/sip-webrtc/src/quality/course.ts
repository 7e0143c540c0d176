/** How a figure went: its mean and its worst. */
export interface Course {
  readonly mean: number
  readonly worst: number
}

/** Keeps the course of a figure without keeping its values. */
export class CourseOf {
  readonly #worse: (one: number, other: number) => number
  #count = 0
  #sum = 0
  #worst = 0

  /** `worse` picks the worse of two values: `Math.min` for scores, `Math.max` for losses. */
  constructor(worse: (one: number, other: number) => number) {
    this.#worse = worse
  }

  add(value: number | undefined): void {
    if (value === undefined) return
    this.#worst = this.#count === 0 ? value : this.#worse(this.#worst, value)
    this.#count += 1
    this.#sum += value
  }

  /** Undefined while there was no value. */
  get value(): Course | undefined {
    return this.#count === 0 ? undefined : { mean: this.#sum / this.#count, worst: this.#worst }
  }
}

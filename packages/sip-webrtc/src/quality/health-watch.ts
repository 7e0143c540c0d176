import { HEALTH_CONDITIONS, type HealthLimits, type HealthProblem, type HealthProblemName, type HealthView } from './health-problem.js'

/** Something began or ended. */
export type HealthChange = { readonly type: 'problem' | 'recovered'; readonly problem: HealthProblem }

interface Course {
  /** Looks in a row that disagree with what was told. */
  streak: number
  current: HealthProblem | undefined
}

/** Follows the conditions from look to look, without a clock: tells what begins after some patience, and what is over. */
export class HealthWatch {
  readonly #limits: HealthLimits
  readonly #courses = new Map<HealthProblemName, Course>()
  #over: readonly HealthProblem[] = []

  constructor(limits: HealthLimits) {
    this.#limits = limits
  }

  /** What is wrong now. */
  get problems(): readonly HealthProblem[] {
    return [...this.#courses.values()].flatMap(({ current }) => current ?? [])
  }

  /** What was wrong and is not any more: the last fifty. */
  get past(): readonly HealthProblem[] {
    return this.#over
  }

  /**
   * `at`: milliseconds since the call's media began. `between`: only states have changed, there is no new report; conditions that
   * count reports are left alone.
   */
  look(at: number, view: HealthView, between = false): readonly HealthChange[] {
    const changes: HealthChange[] = []
    for (const { name, patience, describe } of HEALTH_CONDITIONS) {
      if (between && patience > 1) continue
      const course = this.#courses.get(name) ?? { streak: 0, current: undefined }
      this.#courses.set(name, course)
      const description = describe(view, this.#limits)
      course.streak = (description !== undefined) === (course.current !== undefined) ? 0 : course.streak + 1
      if (course.streak < patience) continue
      course.streak = 0
      if (description !== undefined) {
        course.current = { name, description, since: at, until: undefined }
        changes.push({ type: 'problem', problem: course.current })
      } else if (course.current !== undefined) {
        const problem = { ...course.current, until: at }
        course.current = undefined
        this.#over = [...this.#over.slice(-49), problem]
        changes.push({ type: 'recovered', problem })
      }
    }
    return changes
  }
}

/** The three octets of a `profile-level-id` (RFC 6184 §8.1). */
export interface ProfileLevel {
  /** `profile_idc`: 66 Baseline, 77 Main, 88 Extended, 100 High… */
  readonly profile: number
  /** `profile-iop`: the constraint flags, constraint_set0 highest. */
  readonly constraints: number
  /** `level_idc`: ten times the level, as 31. */
  readonly level: number
}

/** What holds without the parameter: Baseline, level 1. */
const DEFAULT: ProfileLevel = { profile: 66, constraints: 0, level: 10 }

/** Reads six hex digits; without them it is Baseline, level 1. */
export function parseProfileLevel(text: string | undefined): ProfileLevel {
  if (text === undefined || !/^[\da-f]{6}$/i.test(text)) return DEFAULT
  const number = Number.parseInt(text, 16)
  return { profile: number >> 16, constraints: (number >> 8) & 0xff, level: number & 0xff }
}

/** Six hex digits, lower case. */
export function serializeProfileLevel({ profile, constraints, level }: ProfileLevel): string {
  return ((profile << 16) | (constraints << 8) | level).toString(16).padStart(6, '0')
}

/** RFC 6184 §8.1, table 5: which flags, under which mask, make which profile of each `profile_idc`. */
const SUB_PROFILES: readonly (readonly [profile: number, mask: number, flags: number, name: string])[] = [
  [66, 0x4f, 0x40, 'constrained baseline'], [77, 0x8f, 0x80, 'constrained baseline'], [88, 0xcf, 0xc0, 'constrained baseline'],
  [66, 0x4f, 0x00, 'baseline'], [88, 0xcf, 0x80, 'baseline'],
  [77, 0xaf, 0x00, 'main'], [88, 0xcf, 0x00, 'extended'], [88, 0xcf, 0x40, 'extended'],
  [100, 0xff, 0x00, 'high'], [100, 0xff, 0x0c, 'constrained high'],
]

/** Whether both name one profile: its name where table 5 has one, else the octets themselves. Baseline's level 1b flag does not count. */
export function isSameProfile(one: ProfileLevel, other: ProfileLevel): boolean {
  return profileName(one) === profileName(other)
}

function profileName({ profile, constraints, level }: ProfileLevel): string {
  const flags = isLevel1b({ profile, constraints, level }) ? constraints & 0xef : constraints
  const found = SUB_PROFILES.find(([idc, mask, set]) => idc === profile && (flags & mask) === set)
  return found === undefined ? `${profile} ${flags}` : found[3]
}

/** The lower level of the two, in the profile of the first. */
export function withLowerLevel(one: ProfileLevel, other: ProfileLevel): ProfileLevel {
  if (rank(one) <= rank(other)) return one
  const constraints = isLevel1b(other) ? one.constraints | 0x10 : isLevel1b(one) ? one.constraints & 0xef : one.constraints
  return { profile: one.profile, constraints, level: other.level }
}

/** Level 1b, which constraint_set3 tells from level 1.1 in the old profiles, lies between 1 and 1.1. */
function rank(level: ProfileLevel): number {
  return isLevel1b(level) ? 10.5 : level.level
}

function isLevel1b({ profile, constraints, level }: ProfileLevel): boolean {
  return level === 11 && (constraints & 0x10) !== 0 && (profile === 66 || profile === 77 || profile === 88)
}

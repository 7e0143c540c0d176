// The E-model of ITU-T G.107 with its default values, in the simplification for packet networks: what delay and loss leave of 93.2.

/** What a codec loses by itself, and how well it bears lost packets (ITU-T G.113 Appendix I). */
export interface Impairment {
  /** Equipment impairment factor Ie. */
  readonly equipment: number
  /** Packet-loss robustness factor Bpl. */
  readonly robustness: number
}

/**
 * By MIME subtype in lower case. G.113 has no value for Opus and G.722 on this scale: they are taken as G.711 with concealment,
 * so that a perfect line is 4.4 whatever the codec.
 */
export const IMPAIRMENTS: Readonly<Record<string, Impairment>> = {
  pcmu: { equipment: 0, robustness: 25.1 },
  pcma: { equipment: 0, robustness: 25.1 },
  opus: { equipment: 0, robustness: 25.1 },
  g722: { equipment: 0, robustness: 25.1 },
  g729: { equipment: 11, robustness: 19 },
  g723: { equipment: 15, robustness: 16.1 },
  ilbc: { equipment: 11, robustness: 32 },
  gsm: { equipment: 20, robustness: 10 },
  amr: { equipment: 5, robustness: 10 },
}

const TRANSPARENT: Impairment = { equipment: 0, robustness: 25.1 }

/** What a listener gets. */
export interface ListeningConditions {
  /** Mouth to ear, in milliseconds. */
  readonly delay: number
  /** Share of the packets lost, 0 to 1. */
  readonly loss: number
  /** MIME subtype: `opus`, `PCMU`. */
  readonly codec: string
}

/**
 * Transmission rating R, 0 to 93.2: `93.2 − Id − Ie,eff` where `Id = 0.024·d + 0.11·(d − 177.3)` (the second term from
 * 177.3 ms on) and `Ie,eff = Ie + (95 − Ie)·Ppl / (Ppl + Bpl)` with the loss Ppl in percent, taken as random.
 */
export function ratingOf({ delay, loss, codec }: ListeningConditions): number {
  const { equipment, robustness } = IMPAIRMENTS[codec.toLowerCase()] ?? TRANSPARENT
  const delayImpairment = 0.024 * delay + 0.11 * Math.max(0, delay - 177.3)
  const percent = 100 * Math.min(Math.max(loss, 0), 1)
  const effective = equipment + ((95 - equipment) * percent) / (percent + robustness)
  return Math.min(Math.max(93.2 - delayImpairment - effective, 0), 93.2)
}

/** Mean opinion score, 1 (bad) to 4.4 (as good as a telephone gets), of a rating (ITU-T G.107 Annex B). */
export function mosOf(rating: number): number {
  if (rating <= 0) return 1
  return 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6
}

const digits = '0123456789*#ABCD'

/** The digit of a telephone event's payload, or `undefined` for other events and short payloads (RFC 4733 §2.3, §3.2). */
export function digitOf(payload: Uint8Array): string | undefined {
  return payload.length < 4 ? undefined : digits[payload[0] ?? 255]
}

/** The event number of a digit, or `undefined` for what is none. */
export function eventOf(digit: string): number | undefined {
  const event = digits.indexOf(digit.toUpperCase())
  return digit.length === 1 && event >= 0 ? event : undefined
}

/** The payload of one telephone-event packet: `duration` in timestamp units, volume -10 dBm0. */
export function serializeTelephoneEvent(event: number, end: boolean, duration: number): Uint8Array {
  return Uint8Array.of(event, (end ? 0x80 : 0) | 10, (duration >> 8) & 0xff, duration & 0xff)
}

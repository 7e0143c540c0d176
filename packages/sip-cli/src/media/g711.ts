/** The two companding laws of G.711. */
export type G711Law = 'PCMU' | 'PCMA'

/** Compresses one 16-bit linear sample (ITU-T G.711). */
export function encodeG711(law: G711Law, sample: number): number {
  return law === 'PCMU' ? encodeMu(sample) : encodeA(sample)
}

/** The 16-bit linear sample that a G.711 octet stands for. */
export function decodeG711(law: G711Law, octet: number): number {
  return law === 'PCMU' ? decodeMu(octet) : decodeA(octet)
}

function encodeMu(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132
  const exponent = 24 - Math.clz32(magnitude)
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

function decodeMu(octet: number): number {
  const value = ~octet & 0xff
  const magnitude = (((value & 0x0f) << 3) + 132 << ((value >> 4) & 7)) - 132
  return (value & 0x80) === 0 ? magnitude : -magnitude
}

function encodeA(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80
  const magnitude = Math.min(sample < 0 ? ~sample : sample, 32_767) >> 4
  const exponent = magnitude < 16 ? 0 : 28 - Math.clz32(magnitude)
  const mantissa = (exponent === 0 ? magnitude : magnitude >> (exponent - 1)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

function decodeA(octet: number): number {
  const value = octet ^ 0x55
  const exponent = (value >> 4) & 7
  const mantissa = ((value & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1)
  return (value & 0x80) === 0 ? -magnitude : magnitude
}

/** Messages for the C drivers: one after the other, each behind its length in four bytes, least significant first. */
export function corpusFile(messages: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(messages.flatMap((message) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(message.byteLength)
    return [length, message]
  }))
}

/**
 * A copy of a text that was cut out of a message. Engines keep all of the text that a part was cut out of; what is put together
 * anew stands alone.
 */
export function ownText(text: string): string {
  return ` ${text}`.slice(1)
}

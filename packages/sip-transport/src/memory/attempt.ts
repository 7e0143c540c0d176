/** A synchronous deed whose refusal is a rejected promise. */
export function attempt<Value>(deed: () => Value): Promise<Value> {
  return new Promise((resolve) => resolve(deed()))
}

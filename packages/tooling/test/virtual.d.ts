declare module 'virtual:readme-examples/*' {
  export const examples: readonly { readonly name: string; readonly run: () => Promise<unknown> }[]
}

declare module 'cloudflare:workers' {
  /** The bindings of the worker. */
  export const env: Readonly<Record<string, unknown>>
}

declare module 'cloudflare:workers' {
  /** The bindings of the worker that is tested, and of the one in docs/runtimes.md. */
  export const env: { readonly OPTIONS: unknown; readonly ZITADEL_KEY: string }
}

// The types of Nest 12 serve for both: the contract uses nothing in which they differ.
declare module '*/nest.js?nest-11' {
  export const createNestHosts: typeof import('./nest.js').createNestHosts
}

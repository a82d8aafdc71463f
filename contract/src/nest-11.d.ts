// The types of Nest 12 serve for both: the contract uses nothing in which they differ.
declare module '*/hosts/nest.js?nest-11' {
  export const createNestHosts: typeof import('./hosts/nest.js').createNestHosts
}
declare module '*/lives/nest.js?nest-11' {
  export const createNestApplications: typeof import('./lives/nest.js').createNestApplications
}

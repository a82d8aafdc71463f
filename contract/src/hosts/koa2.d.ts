// The types of Koa 3 serve for both: the contract uses nothing in which they differ.
declare module 'koa2' {
  import Koa from 'koa'
  export default Koa
}

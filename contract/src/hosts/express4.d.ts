// The types of Express 5 serve for both: the contract uses nothing in which they differ.
declare module 'express4' {
  import express from 'express'
  export default express
}

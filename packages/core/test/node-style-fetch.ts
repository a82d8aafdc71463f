import http from 'node:http'
import https from 'node:https'
import { PassThrough, pipeline } from 'node:stream'
import type { Fetch } from '../src/provider/transport/fetch-transport.js'

/** A `fetch` like node-fetch, and cross-fetch on top of that: the bodies of its answers are streams of Node.js. */
export const nodeStyleFetch: Fetch = (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? https.request : http.request
    const form = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' }
    start(url, { method, headers: { ...headers, ...form }, signal })
      .on('error', reject)
      .on('response', (message) =>
        resolve({
          status: message.statusCode ?? 0,
          headers: { get: (name) => String(message.headers[name.toLowerCase()] ?? '') || null },
          body: pipeline(message, new PassThrough(), () => {}),
        }),
      )
      .end(body?.toString())
  })

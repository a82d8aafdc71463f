import { type EndpointAnswer, joinExposedHeaders, writeRefusal } from '@org/zitadel-auth/adapter'
import type { Context } from 'koa'

/** What is needed of Koa's context. */
export type Answerable = Pick<Context, 'status' | 'set' | 'body' | 'headerSent' | 'respond' | 'response'>

/** Answers a request, be it by a refusal or by an endpoint. */
export function write({ status, headers, body }: EndpointAnswer, ctx: Answerable): void {
  writeRefusal(() => {
    ctx.status = status
    ctx.set({ ...joinExposedHeaders(headers, (name) => ctx.response.get(name)) })
    ctx.body = body
    // A proxy or an event stream that was to answer in Koa's place will not be reached.
    if (!ctx.headerSent) ctx.respond = true
  })
}

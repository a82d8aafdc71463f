// What an application written as ES modules sees of the installed packages. Prints one line for each framework.
import { createRequire } from 'node:module'
import * as grpc from '@grpc/grpc-js'
import * as bridge from '@hono/node-server'
import * as nestCommon from '@nestjs/common'
import * as nestCore from '@nestjs/core'
import * as core from '@org/zitadel-auth'
import * as expressAdapter from '@org/zitadel-auth-express'
import '@org/zitadel-auth-express/augment'
import * as fastifyAdapter from '@org/zitadel-auth-fastify'
import * as fetchAdapter from '@org/zitadel-auth-fetch'
import * as honoAdapter from '@org/zitadel-auth-fetch/hono'
import * as grpcAdapter from '@org/zitadel-auth-grpc'
import * as koaAdapter from '@org/zitadel-auth-koa'
import * as nestAdapter from '@org/zitadel-auth-nest'
import * as testing from '@org/zitadel-auth-testing'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import outcomes from './outcomes.cjs'
import report from './report.cjs'

const results = await outcomes.checkOutcomes({
  core,
  testing,
  Express: { adapter: expressAdapter, express },
  Fastify: { adapter: fastifyAdapter, fastify },
  Koa: { adapter: koaAdapter, Koa },
  Hono: { adapter: honoAdapter, Hono, bridge },
  'Fetch API': { adapter: fetchAdapter, bridge },
  NestJS: { adapter: nestAdapter, common: nestCommon, core: nestCore },
  gRPC: { adapter: grpcAdapter, grpc },
})
report.printOutcomes(results)
report.checkCopies(core, createRequire(import.meta.url)('@org/zitadel-auth'))

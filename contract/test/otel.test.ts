import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { root } from '../src/guides.js'

/** Runs a program with OpenTelemetry, which answers two requests with one token. */
function run(program: string): readonly string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [`${root}contract/otel/${program}.cjs`], {
    encoding: 'utf8',
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout.trim().split('\n')
}

describe('a trace', () => {
  it('of Express has the requests to ZITADEL under the span of the server, once for a token', () =>
    expect(run('express').filter((path) => !path.endsWith('server GET') && !path.endsWith('server POST'))).toEqual([
      'server GET > internal zitadel discovery',
      'server GET > internal zitadel discovery > client GET',
      'server GET > internal zitadel introspection',
      'server GET > internal zitadel introspection > client POST',
    ]))

  it('of gRPC has them beside the span of the server, which begins with the handler, under the span of the caller', () => {
    const caller = 'client grpc.tasks.Tasks/Me'

    expect(run('grpc').filter((path) => !/server (GET|POST)$/.test(path))).toEqual([
      caller,
      caller,
      `${caller} > internal zitadel discovery`,
      `${caller} > internal zitadel discovery > client GET`,
      `${caller} > internal zitadel introspection`,
      `${caller} > internal zitadel introspection > client POST`,
      `${caller} > server grpc.tasks.Tasks/Me`,
      `${caller} > server grpc.tasks.Tasks/Me`,
    ])
  })
})

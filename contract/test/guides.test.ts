import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { describe, expect, it } from 'vitest'
import { runTasks } from '../../examples/tasks/test/program.js'
import { compileExamples, createExampleFolder, toFile, writePrograms } from '../src/examples.js'
import {
  applyDiff,
  pages,
  readAnchors,
  readBlocks,
  readLinks,
  readPage,
  readQuotedReasons,
  root,
} from '../src/guides.js'

const run = promisify(execFile)

const folder = createExampleFolder('guides')

/** Every example in TypeScript, and what the diffs of the guides come to. */
const examples = pages.flatMap((page) =>
  readBlocks(page).flatMap((block) => {
    if (block.language === 'ts') return [[toFile(page, block), block.code] as const]
    const isDiff = block.language === 'diff' && page.startsWith('docs/')
    return isDiff ? [[toFile(page, block), applyDiff(block.code)] as const] : []
  }),
)

describe('the examples of the guides', () => {
  it('compile', () => {
    expect(compileExamples(folder, examples)).toBe('')
    expect(examples.length).toBeGreaterThan(20)
  })

  // Those with a ZITADEL of their own need nothing else. What they print stands in the block after them.
  const programs = pages
    .filter((page) => page.startsWith('docs/'))
    .flatMap((page) =>
      readBlocks(page).flatMap((block, index, blocks) =>
        block.code.includes('startLocalZitadel(')
          ? [{ name: `${page}, line ${block.line}`, page, block, next: blocks[index + 1] }]
          : [],
      ),
    )

  it.each(programs)('run: $name', async ({ page, block, next }) => {
    const file = writePrograms(folder, page)(block)
    const { stdout } = await run(process.execPath, [file], { cwd: dirname(file) })
    const expected = next?.language === 'text' ? next.code : ''
    expect(stdout).toContain(expected)
  })
})

/** Each command of the step-by-step guide, with the output that follows it. */
function readTranscript(from: string, to: string) {
  const blocks = readBlocks('docs/secure-an-api.md')
  const steps = blocks.map((block, index) => ({ command: block, output: blocks[index + 1] }))
  return steps.filter(
    ({ command }) =>
      command.language === 'sh' && command.code.startsWith(from) && (to === '' || command.code.includes(to)),
  )
}

describe('the transcript of the step-by-step guide', () => {
  it('is what curl shows', async () => {
    const { token, perform, stop } = await startGuide('express')
    for (const { command, output } of readTranscript('curl', '')) {
      const shown = await perform(command.code.replace('curl -i', 'curl -si'), token)
      const [head = '', ...body] = (output?.language === 'http' ? output.code : '').split('\n\n')
      for (const line of head.split('\n')) expect(shown.toLowerCase()).toContain(line.toLowerCase())
      expect(shown.trimEnd().endsWith(body.join('\n\n').trimEnd())).toBe(true)
    }
    await stop()
  })

  it('is what the client of the tasks API over gRPC shows', async () => {
    const { token, perform, stop } = await startGuide('grpc')
    const steps = readTranscript('node', 'client.js')
    const [grant] = readTranscript('curl', '/local/grants')
    for (const { command, output } of steps.slice(0, -1)) {
      expect(await perform(command.code, token)).toBe(output?.code)
    }
    await perform(grant?.command.code ?? '', token)
    expect(await perform(steps.at(-1)?.command.code ?? '', token)).toBe(steps.at(-1)?.output?.code)
    await stop()
  })
})

/** Runs the tasks API on a local ZITADEL, and commands of the guide against the two. */
async function startGuide(framework: string) {
  const zitadel = await startLocalZitadel()
  const { key, token } = setUpGuide(zitadel)
  const keyFile = await zitadel.writeKeyFile(key)
  const program = runTasks(framework, '--domain', zitadel.issuer, '--key', keyFile, '--port', '0')
  const [, address = ''] = await program.printed(/server listening, .* addr=(?:http:\/\/)?(\S+)\n/)
  return {
    token,
    async perform(command: string, bearer: string): Promise<string> {
      const filled = command.replaceAll('localhost:8089', address).replace('http://127.0.0.1:PORT', zitadel.issuer)
      // The client ends with 1 for a call that is refused, which is no failure here.
      const script = `${filled.trimEnd()} 2>&1 || true`
      return (await run('sh', ['-c', script], { cwd: root, env: { ...process.env, token: bearer } })).stdout
    },
    async stop(): Promise<void> {
      await program.kill('SIGTERM')
      await zitadel.close()
    },
  }
}

describe('the links', () => {
  it.each(pages)('of %s lead somewhere', (page) => {
    const broken = readLinks(page).filter(
      ({ path, anchor }) => !existsSync(join(root, path)) || (anchor !== '' && !readAnchors(path).includes(anchor)),
    )
    expect(broken).toEqual([])
  })
})

describe('the page on troubleshooting', () => {
  it('quotes reasons that this library gives', () => {
    const source = readdirSync(join(root, 'packages/core/src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => readFileSync(join(root, 'packages/core/src', path), 'utf8'))
      .join('\n')
      // One text in several literals.
      .replaceAll(/['`] \+\n\s*['`]/g, '')
      .replaceAll("\\'", "'")
    const phrases = readQuotedReasons().flat()
    const unknown = phrases.filter((phrase) => !source.includes(phrase))
    expect(unknown).toEqual([])
    expect(phrases.length).toBeGreaterThan(10)
  })
})

describe('the page on architecture', () => {
  it('names files that there are', () => {
    const packages = join(root, 'packages')
    const named = [...readPage('docs/architecture.md').matchAll(/[\w/-]+\.ts\b/g)].map(([path]) => path)
    const isThere = (path: string): boolean =>
      [packages, join(packages, 'core/src'), join(packages, 'core/src/provider')].some((folder) =>
        existsSync(join(folder, path)),
      )
    expect(named.filter((path) => !isThere(path))).toEqual([])
    expect(named.length).toBeGreaterThan(20)
  })
})

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../src/guides.js'

type Name = 'scope' | 'repository' | 'site' | 'copyright'

const release: Readonly<Record<Name, { readonly name: string; readonly placeholder: string }>> = JSON.parse(
  readFileSync(join(root, 'release.json'), 'utf8'),
)
const { scope, repository, site, copyright } = release

/** Names that no file has, this one included. */
const word = ['quill', 'wort'].join('')
const names: Readonly<Record<Name, string>> = {
  scope: `@${word}`,
  repository: `${word}-labs/${word}s.js`,
  site: `https://${word}.example/docs/`,
  copyright: `2027 ${word} (Ltd)`,
}
const toFlags = (name: (key: Name) => string): readonly string[] =>
  (['scope', 'repository', 'site', 'copyright'] as const).flatMap((key) => [`--${key}`, name(key)])
const flags = toFlags((key) => names[key])

const others = `
urn:zitadel:iam:org:project:roles urn:zitadel:iam:org:projects:roles organization
${scope.name}anization ann${scope.name}/x ann@example${scope.name.replace('@', '.')} ${scope.name}.example ${scope.name}-two/x
my-${repository.name} example.${repository.name} ${repository.name}-two ${repository.name}.dev
`

const texts = (name: (key: Name) => string) => `
import '${name('scope')}/zitadel-auth'; Symbol.for('${name('scope')}/zitadel-auth.x'); node_modules/${name('scope')} size.${name('scope')}/x
git+https://github.com/${name('repository')}.git git@github.com:${name('repository')}.git. See ${name('repository')}.
/^https:\\/\\/github\\.com\\/${name('repository').replace(/[/.]/g, '\\$&')}\\/(blob|tree)/ /^${name('scope')}\\/x/
${name('site')}docs/api ${name('site').replace(/\/$/, '')}, Copyright ${name('copyright')}
`

let folder: string
let before: ReadonlyMap<string, string>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-names-'))
  for (const path of listTracked(root)) cpSync(join(root, path), join(folder, path), { recursive: true })
  writeFileSync(join(folder, 'others.txt'), others)
  writeFileSync(
    join(folder, 'texts.txt'),
    texts((key) => release[key].name),
  )
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  execFileSync('git', ['add', '--all', '--force'], { cwd: folder })
  before = readAll()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function listTracked(where: string): readonly string[] {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: where, encoding: 'utf8', maxBuffer: 2 ** 26 }).split(
    '\0',
  )
  return paths.filter((path) => path !== '' && lstatSync(join(where, path), { throwIfNoEntry: false })?.isFile())
}

/** Every file but the one that has the names, with its bytes as characters. */
function readAll(): ReadonlyMap<string, string> {
  const paths = listTracked(folder).filter((path) => path !== 'release.json')
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'latin1')]))
}

function run(...args: readonly string[]) {
  const script = join(folder, 'scripts/release-names.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

const isJson = (text: string): boolean => {
  try {
    return JSON.parse(text) !== undefined
  } catch {
    return false
  }
}

describe('the names of a release', () => {
  it('are in one file, with what each is for', () => {
    const entry = { name: expect.any(String), placeholder: expect.any(String), for: expect.stringMatching(/^the .+/) }

    expect(release).toEqual({ scope: entry, repository: entry, site: entry, copyright: entry })
    expect(run('--help').stdout).toContain(`scope       ${scope.name}: the npm scope`)
  })

  it('are refused where they can be no names', () => {
    expect(run('--scope', 'acme')).toMatchObject({ status: 1, stderr: '--scope must be like @acme\n' })
    expect(run('--site', 'https://acme.example').stderr).toMatch(/^--site must be like https:.*\/\n$/)
    expect(readAll()).toEqual(before)
  })

  describe('once they are given', () => {
    let first: ReturnType<typeof run>
    let after: ReadonlyMap<string, string>
    beforeAll(() => {
      first = run(...flags)
      after = readAll()
    })

    it('are in every file, and in release.json', () => {
      expect(first).toMatchObject({ status: 0, stderr: '' })
      expect(JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'))).toMatchObject({
        scope: { name: names.scope, placeholder: scope.placeholder },
        copyright: { name: names.copyright },
      })
      expect(after.get('texts.txt')).toBe(texts((key) => names[key]))
      expect(JSON.parse(after.get('packages/express/package.json') ?? '')).toMatchObject({
        name: `${names.scope}/zitadel-auth-express`,
        bugs: `https://github.com/${names.repository}/issues`,
        peerDependencies: { [`${names.scope}/zitadel-auth`]: 'workspace:^' },
      })
      expect(after.get('pnpm-lock.yaml')).toContain(`'${names.scope}/zitadel-auth':`)
      expect(after.get('LICENSE')).toContain(`Copyright ${names.copyright}\n`)
    })

    it('leave no old name behind', () => {
      const left = [`${scope.name}/zitadel-auth`, `github.com/${repository.name}`, site.name, copyright.name]
      const found = [...after].filter(
        ([path, text]) => path !== 'others.txt' && left.some((name) => text.includes(name)),
      )

      expect(found.map(([path]) => path)).toEqual([])
      expect(run('--check')).toEqual({ status: 0, stdout: 'no placeholder is left\n', stderr: '' })
    })

    it('change nothing else', () => {
      const back = (text: string): string =>
        text
          .replaceAll(names.repository.replace(/[/.]/g, '\\$&'), repository.name.replace(/[/.]/g, '\\$&'))
          .replaceAll(names.repository, repository.name)
          .replaceAll(names.site, site.name)
          .replaceAll(names.site.replace(/\/$/, ''), site.name.replace(/\/$/, ''))
          .replaceAll(names.copyright, copyright.name)
          .replaceAll(names.scope, scope.name)

      expect(after.get('others.txt')).toBe(others)
      expect(new Map([...after].map(([path, text]) => [path, back(text)]))).toEqual(before)
    })

    it('leave JSON that can be parsed', () => {
      const findJson = (files: typeof after) => [...files].filter(([, text]) => isJson(text)).map(([path]) => path)

      expect(findJson(after)).toContain('packages/core/package.json')
      expect(findJson(after)).toEqual(findJson(before))
    })

    it('change nothing a second time', () => {
      const second = run(...flags)

      expect(second).toMatchObject({ status: 0, stdout: expect.stringMatching(/\nnothing to change\n$/) })
      expect(run()).toEqual(second)
      expect(readAll()).toEqual(after)
    })
  })

  it('are missed by the check where a placeholder is, and given to it by the next run', () => {
    const text = `\n${scope.placeholder}/x\nhttps://github.com/${repository.placeholder}\n`
    writeFileSync(join(folder, 'texts.txt'), text)

    const { status, stdout } = run('--check')
    expect(status).toBe(1)
    expect(stdout).toBe(`texts.txt: ${scope.placeholder} in line 2\ntexts.txt: ${repository.placeholder} in line 3\n`)

    run()
    expect(readFileSync(join(folder, 'texts.txt'), 'utf8')).toBe(
      `\n${names.scope}/x\nhttps://github.com/${names.repository}\n`,
    )
  })

  it('can be given once more', () => {
    writeFileSync(join(folder, 'texts.txt'), before.get('texts.txt') ?? '')
    run()
    run(...toFlags((key) => release[key].name))

    expect(readAll()).toEqual(before)
  })
})

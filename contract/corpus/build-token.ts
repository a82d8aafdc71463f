import type { JsonWebKey } from 'node:crypto'
import type { LocalZitadel } from '@org/zitadel-auth-testing'
import type { World } from '../src/world.js'
import { createIssuer } from './issue-token.js'
import { type CorpusKey, createKeys } from './keys.js'
import type { Edit, KeyName, Recipe, SignedRecipe } from './recipe.js'
import { createSignature } from './signature.js'

/** Makes the tokens of the corpus, all for one world. */
export interface TokenBuilder {
  build(recipe: Recipe): string
  /** What the world's ZITADEL publishes: its own keys and some of ours. */
  readonly jwks: { readonly keys: readonly JsonWebKey[] }
}

/**
 * Makes a {@link TokenBuilder}, and has ZITADEL publish some of its keys beside its own.
 *
 * @param options - `other`: another ZITADEL, from which a token may come; `nowSeconds`: the time of the world
 */
export async function createTokenBuilder(
  world: World,
  { other, nowSeconds }: { readonly other: LocalZitadel; readonly nowSeconds: number },
): Promise<TokenBuilder> {
  const { zitadel } = world
  const keys = createKeys()
  const answer = await fetch(`${zitadel.issuer}/oauth/v2/keys`)
  const { keys: own } = (await answer.json()) as { keys: readonly JsonWebKey[] }
  const published = [...keys.values()].filter(({ isPublished }) => isPublished).map(({ publicJwk }) => publicJwk)
  const jwks = { keys: [...own, ...published] }
  const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=300, must-revalidate' }
  zitadel.fail('keys', { status: 200, headers, body: JSON.stringify(jwks) })
  const issue = createIssuer(world, other)

  return {
    jwks,
    build(recipe) {
      if (recipe.from === 'text') return recipe.text.repeat(recipe.repeat ?? 1)
      const token = recipe.from === 'zitadel' ? issue(recipe.token) : signRecipe(recipe, keys, { ...world, nowSeconds })
      return (recipe.edits ?? []).reduce(applyEdit, token)
    },
  }
}

type Facts = Pick<World, 'zitadel' | 'project' | 'application'> & { readonly nowSeconds: number }

function signRecipe(recipe: SignedRecipe, keys: ReadonlyMap<KeyName, CorpusKey>, facts: Facts): string {
  const key = keys.get(recipe.key ?? 'RS256') as CorpusKey
  const fill = createFiller(facts, key)
  const header = {
    ...omit({ alg: key.algorithm, kid: '{kid}', typ: 'JWT' }, recipe.withoutHeader),
    ...recipe.header,
  }
  const payload = { ...omit(adminPayload, recipe.withoutPayload), ...recipe.payload }
  const headerText = recipe.headerText ?? edit(JSON.stringify(header), recipe.headerEdits)
  const payloadText = recipe.payloadText ?? edit(JSON.stringify(payload), recipe.payloadEdits)
  const toBytes = (text: string, part: SignedRecipe['utf16']) =>
    Buffer.from(fill(text), recipe.utf16 === part ? 'utf16le' : 'utf8')
  const headerBytes = toBytes(headerText, 'header')
  const payloadBytes =
    recipe.payloadHex === undefined ? toBytes(payloadText, 'payload') : Buffer.from(recipe.payloadHex, 'hex')
  const [encodedHeader, encodedPayload] = [headerBytes, payloadBytes].map((bytes) => bytes.toString('base64url'))
  const input = `${encodedHeader}.${encodedPayload}`
  return `${input}.${createSignature(recipe, key, input, payloadBytes).toString('base64url')}`
}

const adminPayload = {
  iss: '{issuer}',
  sub: 'ann',
  aud: ['{client}', '{project}'],
  exp: '{now+600}',
  iat: '{now}',
  nbf: '{now}',
  client_id: 'web',
  jti: 'V2_1-at_2',
  'urn:zitadel:iam:org:project:{project}:roles': { admin: { '{organization}': 'local.example' } },
}

function omit(members: object, names: readonly string[] = []): object {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)))
}

function edit(text: string, edits: SignedRecipe['headerEdits'] = []): string {
  return edits.reduce((edited, [from, to]) => replaceOnce(edited, from, to), text)
}

function replaceOnce(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the recipe replaces ${from}, which is not in ${text}`)
  return text.replace(from, () => to)
}

/** Fills in what is known only at run time. A quoted `"{now+600}"` becomes a number, `{text:now+600}` does not. */
function createFiller({ zitadel, project, application, nowSeconds }: Facts, key: CorpusKey): (text: string) => string {
  const at = (offset: string): string => String(nowSeconds + Number(offset || 0))
  const values: Readonly<Record<string, string>> = {
    issuer: zitadel.issuer,
    client: application.clientId,
    project: project.id,
    organization: project.organizationId,
    kid: key.keyId,
  }
  return (text) =>
    text
      .replace(/"\{now([+-][\d.]+)?\}"/g, (_, offset) => at(offset))
      .replace(/\{text:now([+-][\d.]+)?\}/g, (_, offset) => at(offset))
      .replace(/"\{publicJwk\}"/g, () => JSON.stringify(key.publicJwk))
      .replace(/\{(issuer|client|project|organization|kid)\}/g, (_, name: string) => values[name] as string)
}

function applyEdit(token: string, { segment, ...change }: Edit): string {
  if (segment === undefined) return applyChange(token, change)
  return token
    .split('.')
    .map((text, index) => (index === segment ? applyChange(text, change) : text))
    .join('.')
}

function applyChange(text: string, change: Edit): string {
  const { prepend = '', append = '', set = text, replace = ['', ''] } = change
  let changed = replaceOnce(`${prepend}${set}${append}`, ...replace)
  if (change.strayBits) changed = setStrayBits(changed)
  if (change.standardAlphabet) changed = toStandardAlphabet(changed)
  if (change.lowerCase) changed = changed.toLowerCase()
  return change.doubled ? changed + changed : changed
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function setStrayBits(text: string): string {
  const changed = `${text.slice(0, -1)}${alphabet[alphabet.indexOf(text.slice(-1)) + 1]}`
  if (!Buffer.from(changed, 'base64url').equals(Buffer.from(text, 'base64url')))
    throw new Error('there are no stray bits')
  return changed
}

/** A text that has neither of the two characters that differ would stay as it is. */
function toStandardAlphabet(text: string): string {
  if (!/[-_]/.test(text)) throw new Error('both alphabets write it in the same way')
  return text.replaceAll('-', '+').replaceAll('_', '/')
}

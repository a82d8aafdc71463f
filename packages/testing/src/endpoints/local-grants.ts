import { createGrantAdministration } from '../administration/grants.js'
import { createProjectAdministration } from '../administration/projects.js'
import { type Answer, text } from '../http/answer.js'
import type { Call } from '../http/call.js'
import type { Instance } from '../instance/instance.js'
import type { Project, User } from '../instance/model.js'

const DEFAULT_ROLE = 'admin'
const PARAMETERS: readonly string[] = ['role', 'user', 'project']

interface GrantRequest {
  readonly user: User
  readonly project: Project
  readonly role: string
}

/** Grants and takes roles: the Console's last step, from a shell. */
export function changeGrants(instance: Instance, call: Call): Answer {
  const change = changes[call.method]
  return change ? change(instance, call) : text(405, 'method not allowed', { allow: Object.keys(changes).join(', ') })
}

/** Creates the role if the project has none of that name and grants it. */
function grantFromShell(instance: Instance, call: Call): Answer {
  return withRequest(instance, call, ({ user, project, role }) => {
    createProjectAdministration(instance).createRole(project, role)
    createGrantAdministration(instance).grantRole(user, { project, role })
    return text(200, `granted \`${role}\` to ${user.userName}`)
  })
}

/** Takes the role away, in every organization. */
function revokeFromShell(instance: Instance, call: Call): Answer {
  return withRequest(instance, call, ({ user, project, role }) => {
    const revoked = createGrantAdministration(instance).revokeRole(user, { project, role })
    return revoked
      ? text(200, `revoked \`${role}\` from ${user.userName}`)
      : text(404, `${user.userName} has no role \`${role}\` in ${project.name}`)
  })
}

const changes: Readonly<Record<string, (instance: Instance, call: Call) => Answer>> = {
  POST: grantFromShell,
  DELETE: revokeFromShell,
}

function withRequest(instance: Instance, call: Call, answer: (request: GrantRequest) => Answer): Answer {
  const parameters = readParameters(call)
  if (parameters === undefined) return text(400, 'the body must be a form, or a JSON object of strings')
  const problem = findProblem(parameters)
  if (problem !== undefined) return text(400, problem)
  const user = findUser(instance, parameters.get('user'))
  if (user === undefined) return text(404, `there is no such user: ${parameters.get('user') ?? 'create one first'}`)
  const project = findProject(instance, parameters.get('project'))
  if (project === undefined)
    return text(404, `there is no such project: ${parameters.get('project') ?? 'create one first'}`)
  return answer({ user, project, role: parameters.get('role') || DEFAULT_ROLE })
}

function findProblem(parameters: URLSearchParams): string | undefined {
  // Answers are read in a terminal, and repeat what was asked for.
  if (/\p{Cc}/u.test([...parameters].flat().join(''))) return 'a parameter has control characters in it'
  const names = [...parameters.keys()]
  const unknown = names.find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) return `there is no parameter "${unknown}": role, user and project are known`
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  return repeated && `the parameter "${repeated}" is there more than once`
}

/** Parameters of the query and the body together, a JSON body included. */
function readParameters({ headers, query, form, body }: Call): URLSearchParams | undefined {
  const isJson = headers['content-type']?.startsWith('application/json') ?? false
  const members = isJson ? readJsonMembers(body) : [...form]
  return members && new URLSearchParams([...query, ...members])
}

function readJsonMembers(body: string): [string, string][] | undefined {
  try {
    const members = Object.entries(JSON.parse(body) as object)
    return members.every(([, value]) => typeof value === 'string') ? members : undefined
  } catch {
    return undefined
  }
}

/** By user name or id; without one, the first service account. */
function findUser(instance: Instance, name: string | null): User | undefined {
  const users = [...instance.users.values()]
  if (!name) return users.find(({ kind }) => kind === 'service')
  return instance.users.get(name) ?? users.find(({ userName }) => userName === name)
}

/** By name or id; without one, the first project. */
function findProject(instance: Instance, name: string | null): Project | undefined {
  const projects = [...instance.projects.values()]
  if (!name) return projects[0]
  return instance.projects.get(name) ?? projects.find((project) => project.name === name)
}

import { type Instance, requireKnown } from '../instance/instance.js'
import type { Project } from '../instance/model.js'

/** What a new project is like. */
export interface ProjectOptions {
  /** The name. */
  readonly name: string
  /** Default: the first organization. */
  readonly organizationId?: string
  /** The Console's "Assert Roles on Authentication". Default: false. */
  readonly roleAssertion?: boolean
}

/** Projects and their roles. */
export interface ProjectAdministration {
  /** Creates a project, still without roles and applications. */
  createProject(options: ProjectOptions): Project
  /** Creates a role in a project. A role that exists already stays as it is. */
  createRole(project: Project, role: string): void
  /** Deactivates a project: its applications are refused from now on. */
  deactivateProject(project: Project): void
  /** Makes a deactivated project active again. */
  reactivateProject(project: Project): void
}

export function createProjectAdministration(instance: Instance): ProjectAdministration {
  return {
    createProject({ name, organizationId = instance.defaultOrganization.id, roleAssertion = false }) {
      requireKnown(instance.organizations, organizationId, 'organization')
      const project = Object.freeze({ id: instance.nextId(), name, organizationId, roleAssertion })
      instance.projects.set(project.id, project)
      instance.rolesByProject.set(project.id, new Set())
      return project
    },
    createRole: ({ id }, role) => void requireKnown(instance.rolesByProject, id, 'project').add(role),
    deactivateProject: ({ id }) => void instance.deactivated.add(id),
    reactivateProject: ({ id }) => void instance.deactivated.delete(id),
  }
}

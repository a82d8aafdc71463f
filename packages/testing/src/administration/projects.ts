import { type Instance, requireKnown } from '../instance/instance.js'
import type { Project } from '../instance/model.js'
import { recordGrantEvent } from './record-event.js'

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
  /** Removes a role, from the project and from everybody who has it. */
  removeRole(project: Project, role: string): void
  /** Deactivates a project: its applications are refused from now on. */
  deactivateProject(project: Project): void
  /** Makes a deactivated project active again. */
  reactivateProject(project: Project): void
}

export function createProjectAdministration(instance: Instance): ProjectAdministration {
  return {
    createProject({ name, organizationId = instance.defaultOrganization.id, roleAssertion = false }) {
      const project = Object.freeze({ id: instance.nextId(), name, organizationId, roleAssertion })
      instance.projects.set(project.id, project)
      instance.rolesByProject.set(project.id, new Set())
      return project
    },
    createRole: ({ id }, role) => void requireKnown(instance.rolesByProject, id, 'project').add(role),
    removeRole({ id, organizationId }, role) {
      if (!requireKnown(instance.rolesByProject, id, 'project').delete(role)) return
      instance.eventLog.record({
        type: 'project.role.removed',
        aggregateId: id,
        resourceOwner: organizationId,
        userId: instance.administratorId,
        payload: { key: role },
      })
      for (const grant of instance.grants.values()) {
        if (grant.projectId !== id || !grant.roles.delete(role)) continue
        recordGrantEvent(instance, 'user.grant.cascade.changed', grant, { roleKeys: [...grant.roles] })
      }
    },
    deactivateProject: ({ id }) => void instance.deactivated.add(id),
    reactivateProject: ({ id }) => void instance.deactivated.delete(id),
  }
}

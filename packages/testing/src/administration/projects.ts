import { type Instance, requireKnown } from '../instance/instance.js'
import type { Project } from '../instance/model.js'
import { recordGrantEvent } from './record-event.js'

/** The options of a new project. */
export interface ProjectOptions {
  /** The name. */
  readonly name: string
  /** The id of the organization that owns the project. Without it, the first organization. */
  readonly organizationId?: string
  /**
   * "Assert Roles on Authentication" in the Console.
   *
   * @defaultValue `false`
   */
  readonly roleAssertion?: boolean
}

/**
 * The part of {@link LocalZitadel} for projects and their roles.
 *
 * @group Types for the compiler
 */
export interface ProjectAdministration {
  /** Creates a project, without roles and applications. */
  createProject(options: ProjectOptions): Project
  /** Creates a role in a project. A role that already exists is unchanged. */
  createRole(project: Project, role: string): void
  /** Removes a role from the project, and from everybody who has it. */
  removeRole(project: Project, role: string): void
  /** Deactivates a project: its applications are rejected from now on. */
  deactivateProject(project: Project): void
  /** Activates a deactivated project again. */
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

import type { Instance } from '../instance/instance.js'
import type { Organization } from '../instance/model.js'

/**
 * The part of {@link LocalZitadel} for organizations.
 *
 * @group Types for the compiler
 */
export interface OrganizationAdministration {
  /** The first organization, to which projects and users belong by default. */
  readonly organization: Organization
  /**
   * Creates an organization.
   *
   * @param options.name - the name
   * @param options.primaryDomain - the primary domain. Default: the name in lower case, with dashes, under `.localhost`
   */
  createOrganization(options: { readonly name: string; readonly primaryDomain?: string }): Organization
  /** Deactivates an organization: the applications of its projects are rejected from now on. */
  deactivateOrganization(organization: Organization): void
  /** Activates a deactivated organization again. */
  reactivateOrganization(organization: Organization): void
}

export function createOrganizationAdministration(instance: Instance): OrganizationAdministration {
  return {
    organization: instance.defaultOrganization,
    createOrganization({ name, primaryDomain = toDomain(name) }) {
      const organization = Object.freeze({ id: instance.nextId(), name, primaryDomain })
      instance.organizations.set(organization.id, organization)
      return organization
    },
    deactivateOrganization: ({ id }) => void instance.deactivated.add(id),
    reactivateOrganization: ({ id }) => void instance.deactivated.delete(id),
  }
}

function toDomain(name: string): string {
  return `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.localhost`
}

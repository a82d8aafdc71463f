import type { Instance } from '../instance/instance.js'
import type { Organization } from '../instance/model.js'

/** Organizations. */
export interface OrganizationAdministration {
  /** The organization every project and user belongs to unless another is named. */
  readonly organization: Organization
  /**
   * Creates an organization.
   *
   * @param options.primaryDomain default: the name in lower case, with dashes, under `.localhost`.
   */
  createOrganization(options: { readonly name: string; readonly primaryDomain?: string }): Organization
  /** Deactivates an organization: the applications of its projects are refused from now on. */
  deactivateOrganization(organization: Organization): void
  /** Makes a deactivated organization active again. */
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

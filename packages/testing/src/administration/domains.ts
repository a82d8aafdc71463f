import type { Instance } from '../instance/instance.js'

/** The names of the instance. */
export interface DomainAdministration {
  /**
   * Adds a custom domain, by which the instance is another issuer: assertions name it, JWTs carry it and are active where
   * it is asked. Gives that issuer, on the port of the first one: a `Host` with another port, `x-zitadel-public-host` or
   * `x-forwarded-proto: https` makes it another one again. As in ZITADEL, the port is no part of a name, and the header
   * `x-zitadel-instance-host` of a proxy says which instance is meant.
   *
   * @param hostname without a port, for example `localhost`, or `auth.example.com` behind a proxy or an `agent` of yours.
   */
  addCustomDomain(hostname: string): string
}

/**
 * The instance as one of its issuers.
 *
 * @throws {Error} for an issuer whose name the instance does not have.
 */
export function askBy(instance: Instance, issuer = instance.issuer): Instance {
  if (!instance.hostnames.has(new URL(issuer).hostname))
    throw new Error(`this local ZITADEL has no domain for the issuer ${issuer}: add it with addCustomDomain first`)
  return { ...instance, issuer }
}

export function createDomainAdministration(instance: Instance): DomainAdministration {
  return {
    addCustomDomain(hostname) {
      const url = new URL(instance.issuer)
      url.hostname = hostname
      if (url.hostname !== hostname.toLowerCase()) throw new TypeError(`"${hostname}" is not the name of a host`)
      instance.hostnames.add(url.hostname)
      return url.origin
    },
  }
}

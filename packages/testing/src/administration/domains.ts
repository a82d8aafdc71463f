import type { Instance } from '../instance/instance.js'

/**
 * The part of {@link LocalZitadel} for the names of the instance.
 *
 * @group Types for the compiler
 */
export interface DomainAdministration {
  /**
   * Adds a custom domain. Under it the instance is another issuer: assertions are for it, JWTs name it and are active
   * only there. Returns that issuer, on the port of the first one. A `Host` with another port, `x-zitadel-public-host`
   * or `x-forwarded-proto: https` make it yet another one. As in ZITADEL, the port is not part of a name, and the
   * header `x-zitadel-instance-host` of a proxy says which instance is meant.
   *
   * @param hostname - without a port, for example `localhost`, or `auth.example.com` behind a proxy or an `agent` of
   * yours
   * @throws `TypeError`: when it is not the name of a host
   */
  addCustomDomain(hostname: string): string
}

/**
 * The instance as one of its issuers.
 *
 * @throws `Error`: for an issuer whose name the instance does not have.
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

import type { Instance } from '../instance/instance.js'

/** The names of the instance. */
export interface DomainAdministration {
  /**
   * Adds a custom domain, by which the instance is another issuer: assertions name it, JWTs carry it and are active where
   * it is asked. Gives that issuer, on the port of the first one: a `Host` with another port, `x-zitadel-public-host` or
   * `x-forwarded-proto: https` makes it another one again.
   *
   * @param hostname without a port, for example `localhost`, or `auth.example.com` behind a proxy of yours.
   */
  addCustomDomain(hostname: string): string
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

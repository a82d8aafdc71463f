import type { HumanUser, User } from '../instance/model.js'
import type { Claims } from './claims.js'

/** The standard claims about a user that the scopes `profile`, `email` and `phone` ask for. */
export function userClaims(user: User, scopes: readonly string[]): Claims {
  return {
    ...(scopes.includes('profile') && profileClaims(user)),
    ...(scopes.includes('email') && user.kind === 'human' && emailClaims(user)),
    ...(scopes.includes('phone') && user.kind === 'human' && phoneClaims(user)),
  }
}

function profileClaims(user: User): Claims {
  const common = {
    preferred_username: user.loginName,
    name: user.name,
    updated_at: Math.floor(user.updatedAt.getTime() / 1_000),
  }
  if (user.kind === 'service') return common
  return {
    ...common,
    given_name: user.givenName,
    family_name: user.familyName,
    nickname: user.nickName,
    gender: user.gender,
    locale: user.locale ?? null,
  }
}

function emailClaims({ email, emailVerified }: HumanUser): Claims {
  return { email, email_verified: onlyTrue(emailVerified) }
}

function phoneClaims({ phone, phoneVerified }: HumanUser): Claims {
  return { phone_number: phone, phone_number_verified: onlyTrue(phoneVerified) }
}

/** ZITADEL never sends `false` here: the absence of the claim says it. */
function onlyTrue(verified: boolean | undefined): true | undefined {
  return verified || undefined
}

import { createZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization, protect } from '@org/zitadel-auth-fetch'

const auth = createZitadelAuth(JSON.parse(process.env.ZITADEL_OPTIONS))

export const GET = protect(auth, { role: 'admin' }, async (request, { userId }, { params }) => {
  const { id } = await params
  return Response.json({ id, isSame: getAuthorization(request).userId === userId })
})

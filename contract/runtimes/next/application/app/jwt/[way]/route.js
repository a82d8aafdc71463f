import { createAuths } from '../../../auths.js'

export const fetchCache = 'default-cache'

const auths = createAuths({ verification: 'jwt' })

export async function GET(request, { params }) {
  const auth = auths[(await params).way]
  // Before the request is read: until then Next.js takes the route for one that never changes.
  await auth.ready()
  try {
    const { userId } = await auth.authenticate(request.headers.get('authorization'))
    return Response.json({ userId })
  } catch (error) {
    const refusal = auth.refusal(error)
    if (refusal === undefined) throw error
    return refusal.toResponse()
  }
}

/** What `--help` prints. */
export const usage = `zitadel-auth doctor: says why an API does not accept a token of ZITADEL

usage: npx @org/zitadel-auth doctor --domain my-domain.zitadel.cloud
         [--key key.json] [--project-id ID] [--token FILE]

  --domain              the domain of ZITADEL: the issuer of its tokens
  --internal-url        where this machine reaches it, if that is elsewhere
  --allow-insecure-http plain http to other machines, as in a cluster
  --key                 the key file of the API application, or
  --client-id           its client id, with
  --client-secret-file    the file that holds its secret
  --project-id          the id of the API's project
  --token               the file that holds a token to examine, - for stdin
  --timeout-ms          the deadline of a request (default 5000)
  --json                print JSON
  --help                this text

exit code: 0 all is well, 1 something is wrong, 2 it was called wrongly
`

import { Buffer } from 'node:buffer'
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'

/** A certificate for `localhost` that is its own authority, made anew for every run. */
export function createCertificate(): { readonly certificate: Buffer; readonly privateKey: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const ecdsaWithSha256 = toSequence(Buffer.from('06082a8648ce3d040302', 'hex'))
  const commonName = Buffer.concat([Buffer.from('0603550403', 'hex'), toDer(0x0c, Buffer.from('localhost'))])
  const name = toSequence(toDer(0x31, toSequence(commonName)))
  const year = new Date().getUTCFullYear()
  const validity = toSequence(...[year - 1, year + 1].map((at) => toDer(0x18, Buffer.from(`${at}0101000000Z`))))
  const subjectAltName = toSequence(toDer(0x82, Buffer.from('localhost')))
  const extension = toSequence(Buffer.from('0603551d11', 'hex'), toDer(0x04, subjectAltName))
  const toBeSigned = toSequence(
    toDer(0xa0, Buffer.from([2, 1, 2])),
    Buffer.from([2, 1, 1]),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey,
    toDer(0xa3, toSequence(extension)),
  )
  const signature = sign('sha256', toBeSigned, createPrivateKey(privateKey))
  const certificate = toSequence(toBeSigned, ecdsaWithSha256, toDer(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return { certificate: toPem(certificate), privateKey: Buffer.from(privateKey) }
}

function toSequence(...members: readonly Buffer[]): Buffer {
  return toDer(0x30, Buffer.concat(members))
}

/** A tag, a length in as few bytes as it takes, and the content. */
function toDer(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...toLength(content.length)]), content])
}

function toLength(length: number): readonly number[] {
  if (length < 128) return [length]
  return length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

function toPem(der: Buffer): Buffer {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n')
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`)
}

import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createHttp } from './listen.ts'
import { tlsMaterial } from './tls.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'm3m-tls-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('makes a P-256 certificate once, readable by its owner only', async () => {
  const made = (await tlsMaterial('auto', folder))!
  const cert = new X509Certificate(made.cert)
  expect(cert.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
  expect(cert.subjectAltName).toContain('IP Address:127.0.0.1')
  expect(made.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  for (const name of ['tls-cert.pem', 'tls-key.pem'])
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(await tlsMaterial('auto', folder)).toEqual(made)
})

it('serves with it, and a client that pins the certificate agrees', async () => {
  const made = (await tlsMaterial('auto', folder))!
  const server = createHttp((_request, response) => response.end('hello'), made)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const seen = await new Promise<string>((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, ca: made.cert }, (response) => {
      resolve((response.socket as TLSSocket).getPeerX509Certificate()!.fingerprint256)
      response.destroy()
    })
    request.on('error', reject)
  })
  expect(seen).toBe(made.fingerprint)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

it('names a file that is missing, is no certificate, or is the key of another', async () => {
  const [cert, key] = [join(folder, 'a.pem'), join(folder, 'b.pem')]
  await expect(tlsMaterial({ cert, key }, folder)).rejects.toThrow(`The TLS file ${cert} cannot be used`)
  await tlsMaterial('auto', folder)
  const other = mkdtempSync(join(tmpdir(), 'm3m-tls-'))
  await tlsMaterial('auto', other)
  writeFileSync(cert, readFileSync(join(folder, 'tls-cert.pem')))
  writeFileSync(key, 'nonsense')
  await expect(tlsMaterial({ cert, key }, folder)).rejects.toThrow(`The TLS file ${key} cannot be used`)
  writeFileSync(key, readFileSync(join(other, 'tls-key.pem')))
  await expect(tlsMaterial({ cert, key }, folder)).rejects.toThrow('it is not the key of')
  rmSync(other, { recursive: true })
})

it('is nothing when it is off', async () => {
  expect(await tlsMaterial('off', folder)).toBeNull()
})

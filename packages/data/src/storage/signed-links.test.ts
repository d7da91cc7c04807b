import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { linkKeyOf, readFileLink, signedFileAddress } from './signed-links.ts'

const secret = randomBytes(32)
const file = { projectId: 'a'.repeat(24), path: 'reports/mäy & june.pdf' }
const key = linkKeyOf(secret, file.projectId)
const linkOf = (address: string) => new URL(address, 'http://m3m').searchParams.get('link')!

test('a link names the file, and is valid until its end', () => {
  const address = signedFileAddress(key, file, 10_000)
  expect(address).toContain(`/files/signed/${file.projectId}/reports/m%C3%A4y%20%26%20june.pdf?link=`)
  expect(readFileLink(key, file, linkOf(address), 9_999)).toBe('valid')
  expect(readFileLink(key, file, linkOf(address), 10_000)).toBe('ended')
  expect(readFileLink(key, file, linkOf(signedFileAddress(key, file, null)), 1e15)).toBe('valid')
})

test('a link of a small picture is of that one only', () => {
  const small = { ...file, thumb: '100x100' }
  const address = signedFileAddress(key, small, 10_000)
  expect(new URL(address, 'http://m3m').searchParams.get('thumb')).toBe('100x100')
  expect(readFileLink(key, small, linkOf(address), 0)).toBe('valid')
  expect(readFileLink(key, { ...file, thumb: '900x900' }, linkOf(address), 0)).toBe('unknown')
  expect(readFileLink(key, file, linkOf(address), 0)).toBe('unknown')
  expect(readFileLink(key, small, linkOf(signedFileAddress(key, file, 10_000)), 0)).toBe('unknown')
})

test('a link holds for no other file, project, end or key', () => {
  const link = linkOf(signedFileAddress(key, file, 10_000))
  const other = 'b'.repeat(24)
  expect(readFileLink(key, { ...file, path: 'reports' }, link, 0)).toBe('unknown')
  expect(readFileLink(linkKeyOf(secret, other), { ...file, projectId: other }, link, 0)).toBe('unknown')
  expect(readFileLink(linkKeyOf(secret, other), file, link, 0)).toBe('unknown')
  expect(readFileLink(key, file, `zzzz.${link.split('.')[1]}`, 0)).toBe('unknown')
  for (const wrong of ['', '.', '0', '0.', `${link}x`, link.slice(0, -1)])
    expect(readFileLink(key, file, wrong, 0), wrong).toBe('unknown')
})

import { expect, test } from 'vitest'
import { strengthOf } from '../src/renderer/ui/password-strength.ts'

test.each([
  ['', 0],
  ['short', 0],
  ['password', 1],
  ['aaaaaaaaaaaa', 1],
  ['12345678', 1],
  ['abcdefgh', 1],
  ['qwerty2026', 1],
  ['correct horse battery staple', 4],
  ['совершенно верная лошадь', 4],
  ['x7$Kp2!vQz9m', 4],
])('%j is worth %i', (password, worth) => {
  expect(strengthOf(password)).toBe(worth)
})

test('what stands around it adds nothing', () => {
  const password = 'annsmith-example'
  const known = ['Ann Smith', 'annsmith@example.com']
  expect(strengthOf(password, known)).toBeLessThan(strengthOf(password))
})

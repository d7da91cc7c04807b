import { expect, it } from 'vitest'
import { projectSlugSchema } from './projects.schema.ts'
import { slugCandidates, slugOf } from './slug.ts'

it('makes slugs that can stand in a URL out of any name', () => {
  expect(slugOf('My little Bot!')).toBe('my-little-bot')
  expect(slugOf('Мой бот №1')).toBe('moi-bot-1')
  expect(slugOf('Ärger & Übel — Straße')).toBe('arger-ubel-strasse')
  expect(slugOf('  --  ')).toBe('project')
  expect(slugOf('日本')).toBe('project')
})

it('makes only slugs that the schema takes, however long the name', () => {
  for (const name of ['x'.repeat(300), `${'a '.repeat(200)}`, '-a-', 'a--b', 'щ'.repeat(100)]) {
    for (const slug of slugCandidates(name, 50)) expect(projectSlugSchema.safeParse(slug).success).toBe(true)
  }
})

import { expect, test } from 'vitest'
import { searchReference, type ReferencePage } from '../src/renderer/app/reference/search-reference.ts'

const page = (name: string, members: Record<string, string>, intro = ''): ReferencePage => ({
  name,
  aliases: name === 'smtp' ? ['mail'] : [],
  twin: true,
  summary: intro,
  intro,
  members: Object.entries(members).map(([member, text]) => ({ name: member, text })),
  declarations: name === 'globals' ? 'declare function atob(base64: string): string' : '',
})
const pages = [
  page(
    'database',
    { find: 'Reads records.', findOne: 'One record, or null.' },
    'The records of the project.',
  ),
  page('smtp', { send: 'Sends a letter.\nTo find out why not, `verify`.' }, 'Mail.'),
  page('globals', {}),
]
const found = (typed: string) =>
  searchReference(pages, typed).map(({ module, member }) => (member ? `${module}.${member}` : module))

test('the name itself comes first, then names that begin so, then texts', () => {
  expect(found('find')).toEqual(['database.find', 'database.findOne', 'smtp.send'])
})

test('a call is found as it is written, in either spelling and by an alias', () => {
  expect(found('$database.findOne')).toEqual(['database.findOne'])
  expect(found('mail.send')).toEqual(['smtp.send'])
  expect(found('mail')[0]).toBe('smtp')
})

test('every word must occur, and the line that says it is shown', () => {
  expect(found('record null')).toEqual(['database.findOne'])
  expect(searchReference(pages, 'verify')[0]!.excerpt).toBe('To find out why not, `verify`.')
  expect(found('find nowhere')).toEqual([])
})

test('what is global is found by its declaration', () => {
  expect(found('atob')).toEqual(['globals'])
})

test('nothing typed finds nothing', () => {
  expect(found('  ')).toEqual([])
})

import { expect, test } from 'vitest'
import { rooms } from '../modules/rooms.ts'
import { createServiceReference } from './service-reference.ts'
import { splitDocs } from './split-docs.ts'

test('every module has a page with a summary, its members and its declarations', async () => {
  const pages = await createServiceReference().pages()
  expect(pages.map(({ name }) => name)).toEqual([...rooms.map(({ name }) => name).toSorted(), 'globals'])
  for (const page of pages) {
    expect(page.summary, page.name).toMatch(/^\S.{20,}\.$/)
    expect(page.declarations, page.name).toMatch(/^(?:\/\/|\/\*\*|interface|declare|type) ?/)
    if (page.name !== 'globals') expect(page.members.length, page.name).toBeGreaterThan(0)
    for (const { name, declared } of page.members)
      if (/^[a-z][\w.]*$/.test(name) && name !== page.name)
        expect(declared?.signature, `${page.name}.${name}`).toMatch(/^(?:readonly )?\w+\??[(:<]/)
  }
})

test('a member keeps its text and example, whatever the example looks like', () => {
  const fence = '```'
  const docs = `# thing\n\nDoes it well, at every time of the day: yes.\nMore.\n\n## get\n\nGets.\n\n${fence}js\n## no heading\nthing.get()\n${fence}\n\n## \`set\`\n\nSets.\n`
  expect(splitDocs(docs)).toEqual({
    summary: 'Does it well, at every time of the day.',
    intro: 'Does it well, at every time of the day: yes.\nMore.',
    members: [
      { name: 'get', text: `Gets.\n\n${fence}js\n## no heading\nthing.get()\n${fence}` },
      { name: 'set', text: 'Sets.' },
    ],
  })
})

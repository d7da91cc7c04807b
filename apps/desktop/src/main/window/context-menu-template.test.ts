import { expect, test } from 'vitest'
import { nativeTexts } from '../native-texts.ts'
import { type ClickedOn, contextMenuTemplate } from './context-menu-template.ts'

const nothing: ClickedOn = {
  isEditable: false,
  selectionText: '',
  linkURL: '',
  editFlags: { canCut: false, canCopy: false, canPaste: true, canSelectAll: true },
}

function menu(change: Partial<ClickedOn>, copyLink: (url: string) => void = () => {}) {
  return contextMenuTemplate({ ...nothing, ...change }, { texts: nativeTexts('ru'), copyLink })
}

test('there is none where nothing can be done', () => {
  expect(menu({})).toEqual([])
  expect(menu({ selectionText: ' \n' })).toEqual([])
  // A link inside the panel is no address for other programs.
  expect(menu({ linkURL: 'app://m3m/projects' })).toEqual([])
})

test('a field offers what its content allows, in the language of the system', () => {
  const entries = menu({ isEditable: true }).filter(({ type }) => type !== 'separator')
  expect(entries.map(({ role, label, enabled }) => [role, label, enabled])).toEqual([
    ['cut', 'Вырезать', false],
    ['copy', 'Копировать', false],
    ['paste', 'Вставить', true],
    ['selectAll', 'Выделить всё', true],
  ])
})

test('text that is selected can be copied, and so can the address of a link that leads out', () => {
  expect(menu({ selectionText: 'some' }).map(({ role }) => role)).toEqual(['copy'])
  const copied: string[] = []
  const [entry] = menu({ linkURL: 'https://example.com/a' }, (url) => void copied.push(url))
  ;(entry!.click as () => void)()
  expect(copied).toEqual(['https://example.com/a'])
})

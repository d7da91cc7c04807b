import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron'
import type { NativeTexts } from '../native-texts.ts'

export type ClickedOn = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'linkURL'> & {
  editFlags: Pick<ContextMenuParams['editFlags'], 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll'>
}

/**
 * What a right click offers where the page has no menu of its own: what one does with text, and the address of a link
 * that leads out of the app. Empty where there is nothing to do.
 */
export function contextMenuTemplate(
  { isEditable, selectionText, linkURL, editFlags }: ClickedOn,
  { texts, copyLink }: { texts: NativeTexts; copyLink: (url: string) => void },
): MenuItemConstructorOptions[] {
  const { cut, copy, paste, selectAll } = texts.edit
  if (isEditable)
    return [
      { role: 'cut', label: cut, enabled: editFlags.canCut },
      { role: 'copy', label: copy, enabled: editFlags.canCopy },
      { role: 'paste', label: paste, enabled: editFlags.canPaste },
      { type: 'separator' },
      { role: 'selectAll', label: selectAll, enabled: editFlags.canSelectAll },
    ]
  const isOutside = /^https?:/.test(linkURL)
  return [
    ...(selectionText.trim() ? [{ role: 'copy' as const, label: copy }] : []),
    ...(isOutside ? [{ id: 'copy-link', label: texts.copyLink, click: () => copyLink(linkURL) }] : []),
  ]
}

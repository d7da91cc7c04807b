import { Image } from '@tiptap/extension-image'
import { TableKit } from '@tiptap/extension-table'
import StarterKit from '@tiptap/starter-kit'

/** Schemes of links, the same that the engine keeps (packages/data, rich-text.ts). */
const LINK = /^(?:https?:\/\/|mailto:|storage:)/i

export const isLinkTarget = (url: string): boolean => LINK.test(url.trim())

/** What prose is made of; the engine stores the same set of tags. `resolve` gives the address of a stored picture. */
export function richTextExtensions(resolve: (path: string) => Promise<string | null>) {
  return [
    StarterKit.configure({
      heading: { levels: [1, 2, 3, 4] },
      link: {
        openOnClick: false,
        autolink: true,
        protocols: ['mailto', { scheme: 'storage', optionalSlashes: true }],
        isAllowedUri: (url) => isLinkTarget(url),
        HTMLAttributes: { target: null, rel: null },
      },
    }),
    TableKit.configure({ table: { resizable: false } }),
    storedImage(resolve),
  ]
}

/** `storage:photos/cat.png` stays in the document; what is drawn is an address that is good for some minutes. */
function storedImage(resolve: (path: string) => Promise<string | null>) {
  return Image.extend({
    addNodeView() {
      return ({ node }) => {
        const dom = document.createElement('img')
        const { src, alt, title } = node.attrs as {
          src: string | null
          alt: string | null
          title: string | null
        }
        dom.alt = alt ?? ''
        if (title) dom.title = title
        if (src?.startsWith('storage:')) {
          void resolve(src.slice('storage:'.length)).then((url) => {
            if (url) dom.src = url
          })
        } else if (src) dom.src = src
        return { dom }
      }
    },
  }).configure({ inline: true, allowBase64: false })
}

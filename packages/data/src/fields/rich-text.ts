import { createRequire } from 'node:module'
import type SanitizeHtml from 'sanitize-html'

/** Marks and blocks that prose needs; what draws, runs, frames or asks for input is not among them. */
const TAGS = [
  ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'code'],
  ...['strong', 'b', 'em', 'i', 'u', 's', 'del', 'sub', 'sup', 'a', 'img', 'ul', 'ol', 'li'],
  ...['table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'colgroup', 'col', 'caption'],
]

const LINK = /^(?:https?:\/\/[^\s/]|mailto:[^\s])/i
const PICTURE = /^https?:\/\/[^\s/]/i
const STORED = /^storage:(?!\/)[^\\]+$/

/**
 * HTML of people as it may be stored and shown: a list of tags and attributes, links to http, https, mailto and
 * `storage:<path>`, pictures from http, https and `storage:<path>`, nothing else. Text stays, empty prose becomes
 * `''`. Applying it twice changes nothing (a test holds it to that, so that a stored value can be sent back).
 */
export function sanitizeRichText(html: string): string {
  const clean = library()(html, OPTIONS).trim()
  return hasContent(clean) ? clean : ''
}

function keepUrl(attribs: SanitizeHtml.Attributes, key: string, allowed: RegExp): SanitizeHtml.Attributes {
  // Browsers pass over control characters inside a scheme; an address that has any is none of ours.
  const url = (attribs[key] ?? '').trim()
  const isFine = !hasControls(url) && (allowed.test(url) || isStored(url))
  const kept = Object.entries(attribs).filter(([name]) => name !== key || isFine)
  return Object.fromEntries(kept.map(([name, value]) => [name, name === key ? url : value]))
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true
  }
  return false
}

/** `storage:photos/cat.png`, without a way out of the storage. */
function isStored(url: string): boolean {
  if (!STORED.test(url) || url.length > 1100) return false
  return url
    .slice('storage:'.length)
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..')
}

const OPTIONS: SanitizeHtml.IOptions = {
  allowedTags: TAGS,
  allowedAttributes: {
    a: ['href', 'title'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    th: ['colspan', 'rowspan'],
    td: ['colspan', 'rowspan'],
    ol: ['start'],
  },
  // How editors note the language of a block of code.
  allowedClasses: { code: [/^language-[a-z0-9+#-]{1,30}$/] },
  allowedSchemes: ['http', 'https', 'mailto', 'storage'],
  allowProtocolRelative: false,
  // Styles are no allowed attribute; without this they would be parsed before they are dropped.
  parseStyleAttributes: false,
  enforceHtmlBoundary: false,
  nestingLimit: 100,
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: keepUrl(attribs, 'href', LINK) }),
    img: (tagName, attribs) => ({ tagName, attribs: keepUrl(attribs, 'src', PICTURE) }),
  },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs['src'],
}

const hasContent = (html: string): boolean =>
  /<(?:img|hr|table)\b/.test(html) || html.replace(/<[^>]*>/g, '').trim() !== ''

let loaded: typeof SanitizeHtml | undefined

/** Loaded with the first field of rich text: most runners have none, and it brings two parsers along. */
function library(): typeof SanitizeHtml {
  loaded ??= createRequire(import.meta.url)('sanitize-html') as typeof SanitizeHtml
  return loaded
}

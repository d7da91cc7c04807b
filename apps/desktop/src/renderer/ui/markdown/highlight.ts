import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import typescript from 'highlight.js/lib/languages/typescript'

// Code that is only read: Monaco would bring a megabyte for the same colours.
hljs.registerLanguage('bash', bash)
hljs.registerLanguage('javascript', javascript)
hljs.registerLanguage('json', json)
hljs.registerLanguage('typescript', typescript)

/** HTML of the code, coloured by classes `hljs-…`; everything of the code itself is escaped. */
export function highlight(code: string, language: string): string {
  const known = hljs.getLanguage(language) ? language : 'plaintext'
  return known === 'plaintext' ? escapeHtml(code) : hljs.highlight(code, { language: known }).value
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ENTITIES[sign]!)
}

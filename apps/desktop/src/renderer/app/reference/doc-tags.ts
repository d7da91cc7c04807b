/** The doc comment of a declaration in its parts; each is Markdown, empty ones are left out of the lists. */
export interface DocParts {
  /** What it does. */
  text: string
  params: { name: string; text: string }[]
  returns: string
  /** Codes and when they are thrown. */
  throws: string
}

const TAG = /(?:^|\s)@(param|returns|throws|example|deprecated)\s/
/** Error codes, so that they are set as code; those that are already stay as they are. */
const CODE = /(?<![`\w])[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+(?![`\w])/g

/** Takes `Does it. @param name Whose. @throws THING_LOST` apart. Tags it does not know stay in the text before them. */
export function docParts(doc: string): DocParts {
  const [text = '', ...tags] = doc.split(TAG)
  const parts: DocParts = { text: text.trim(), params: [], returns: '', throws: '' }
  for (let i = 0; i < tags.length; i += 2) {
    const body = tags[i + 1]!.trim()
    if (tags[i] === 'param') parts.params.push(paramOf(body))
    else if (tags[i] === 'returns') parts.returns = body
    else if (tags[i] === 'throws') parts.throws = [parts.throws, body].filter(Boolean).join(' ')
    else parts.text = [parts.text, body].filter(Boolean).join(' ')
  }
  parts.throws = parts.throws.replace(CODE, '`$&`')
  return parts
}

function paramOf(body: string): { name: string; text: string } {
  const [name = '', ...words] = body.split(' ')
  return { name, text: words.join(' ') }
}

import { refuseAt } from './problem.ts'

/** A place in a YAML text, and what stands there. */
export class Cursor {
  protected readonly text: string
  protected at = 0

  constructor(text: string) {
    this.text = text
  }

  protected column(): number {
    return this.at - this.text.lastIndexOf('\n', this.at - 1) - 1
  }

  protected lineOf(at: number): number {
    return this.text.lastIndexOf('\n', at - 1)
  }

  protected lineEnd(): number {
    const end = this.text.indexOf('\n', this.at)
    return end < 0 ? this.text.length : end
  }

  protected isEnd(): boolean {
    return this.at >= this.text.length || this.startsMarker('...') || this.startsMarker('---')
  }

  protected startsMarker(marker: string): boolean {
    return this.column() === 0 && this.text.startsWith(marker, this.at) && this.isBlankAt(this.at + 3)
  }

  protected isBlankAt(at: number): boolean {
    const char = this.text[at]
    return char === undefined || char === ' ' || char === '\n' || char === '\t'
  }

  /** A `:` that makes what was just read a key. */
  protected isKey(): boolean {
    const match = /[^\S\n]*:(?=\s|$)/y
    match.lastIndex = this.at
    return match.test(this.text)
  }

  protected take(char: string): boolean {
    if (this.text[this.at] !== char) return false
    this.at += 1
    return true
  }

  protected skipSpaces(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at += 1
  }

  protected atLineEnd(): boolean {
    const char = this.text[this.at]
    return (
      char === undefined || char === '\n' || (char === '#' && (this.at === 0 || this.isBlankAt(this.at - 1)))
    )
  }

  protected expectLineEnd(): void {
    this.skipSpaces()
    if (!this.atLineEnd()) this.refuse('this does not belong to what stands before it on its line')
  }

  protected countBreaks(): number {
    let breaks = 0
    for (;;) {
      this.skipSpaces()
      if (!this.take('\n')) return breaks
      breaks += 1
    }
  }

  /** Over blanks, line breaks and comments, to the next content. */
  protected skipBlank(): void {
    for (;;) {
      const lineStart = this.at === 0 || this.text[this.at - 1] === '\n'
      const from = this.at
      this.skipSpaces()
      if (this.text[this.at] === '#' && (this.at === 0 || this.isBlankAt(this.at - 1)))
        this.at = this.lineEnd()
      if (!this.take('\n')) {
        if (lineStart && this.at > from) this.refuseTab()
        return
      }
    }
  }

  /** A tab before the first content of a line. */
  protected refuseTab(): void {
    const indent = this.text.slice(this.text.lastIndexOf('\n', this.at - 1) + 1, this.at)
    if (this.at < this.text.length && /^ *\t\s*$/.test(indent)) this.refuse('tabs cannot indent; use blanks')
  }

  protected refuse(reason: string): never {
    return refuseAt(this.text, this.at, reason)
  }
}

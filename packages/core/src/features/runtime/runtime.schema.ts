/** The TypeScript declarations of everything a service of one project may use. */
export interface RuntimeTypes {
  dts: string
}

/** What a service author reads of one module. Texts are Markdown, declarations TypeScript. */
export interface ReferencePage {
  /** The global's name; `globals` for what every service has besides the modules. */
  name: string
  aliases: string[]
  /** False where there is no `$` spelling. */
  twin: boolean
  /** One sentence. */
  summary: string
  intro: string
  /** `declared`: signatures and the text of the declaration; `null` for a chapter such as "Errors". */
  members: { name: string; text: string; declared: { signature: string; doc: string } | null }[]
  declarations: string
  /** The plugin that adds the module. Absent: it is one of m3m's own. */
  plugin?: string
}

import { AGENT_VERSION } from '../version.ts'

export interface BannerFacts {
  panelUrl: string
  servicesUrl: string | null
  dataFolder: string
  datastore: 'embedded' | 'server'
  fingerprint: string | null
  /** Folder of the command's hint, when it is not the current one. */
  home: string | null
  /** Where the first operator is made; null when there is one. */
  setUpUrl: string | null
  /** Milliseconds since the process began. */
  readyMs: number
}

/** What a person sees when the agent is ready: where it is, where the data is, what to do first. */
export function banner(facts: BannerFacts): string {
  const rows = [
    ['Panel', facts.panelUrl],
    ['Services', facts.servicesUrl ? `${facts.servicesUrl}/r/{project}/` : `${facts.panelUrl}/r/{project}/`],
    [
      'Data',
      `${facts.dataFolder} (${facts.datastore === 'embedded' ? 'embedded datastore' : 'records in MongoDB'})`,
    ],
    ...(facts.fingerprint ? [['TLS', `SHA-256 ${facts.fingerprint}`]] : []),
  ]
  const head = `m3m ${AGENT_VERSION} is ready after ${(facts.readyMs / 1000).toFixed(1)} s`
  const table = rows.map(([name, value]) => `  ${name!.padEnd(10)}${value}`)
  const home = facts.home ? `M3M_HOME=${shellWord(facts.home)} ` : ''
  const first = [
    '  There is no operator yet. Make the first one, the root, in a browser:',
    `    ${facts.setUpUrl}`,
    '  or in another terminal:',
    `    ${home}npx m3m-agent new-admin you@example.com '<password>'`,
  ]
  return ['', head, '', ...table, '', ...(facts.setUpUrl === null ? [] : [...first, ''])].join('\n')
}

/** The text as one word of a POSIX shell, so that a copied line works for a folder with a space or a quote in its name. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** One value with its labels; a histogram's parts carry a suffix of the family's name. */
export interface Sample {
  labels?: Readonly<Record<string, string>>
  value: number
  suffix?: '_bucket' | '_sum' | '_count'
}

export interface Family {
  /** Base units, and `_total` for counters (prometheus.io/docs/practices/naming). */
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  samples: readonly Sample[]
}

/**
 * Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). Families without samples are
 * left out. prom-client was looked at: it wants to count itself, while our counters live in the supervisor and its
 * histograms cannot be set.
 */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(
        ({ labels = {}, value, suffix = '' }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}`,
      )
      return `# HELP ${name} ${escape(help)}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`
    })
    .join('')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(
    ([key, value]) => `${key}="${escape(value).replaceAll('"', '\\"')}"`,
  )
  return parts.length > 0 ? `{${parts.join(',')}}` : ''
}

const escape = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

const numberText = (value: number) => (value === Infinity ? '+Inf' : String(value))

import type { Call, CallRequest } from './calls.ts'

/** Inside single quotes of a shell. */
const shell = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** The call as a line of a shell. */
export function curlCode(call: Call, request: CallRequest): string {
  const { method, url, query, json, form, version } = request
  const inBody = json !== undefined || form !== undefined
  const verb = method === 'GET' || (method === 'POST' && inBody) ? '' : ` -X ${method}`
  // -G moves the data into the address, which a call with a body has another use for.
  const address = inBody && query.length > 0 ? shell(`${url}?${new URLSearchParams(query)}`) : url
  const start = `curl${call === 'realtime' ? ' -N' : ''}${!inBody && query.length > 0 ? ' -G' : ''}${verb} ${address}`
  const parts = [
    start,
    String.raw`-H "Authorization: Bearer $M3M_KEY"`,
    ...(version === undefined ? [] : [`-H 'If-Match: "${version}"'`]),
    ...(inBody ? [] : query.map(([name, value]) => `--data-urlencode ${shell(`${name}=${value}`)}`)),
    ...(json ? [`-H 'Content-Type: application/json'`, `-d ${shell(JSON.stringify(json))}`] : []),
    ...(form
      ? [
          `-F '${form.field}=@${form.file}'`,
          `--form-string ${shell(`@jsonPayload=${JSON.stringify(form.values)}`)}`,
        ]
      : []),
    ...(call === 'file' ? ['-o file'] : []),
  ]
  return parts.join(' \\\n  ') + noteOf(call)
}

function noteOf(call: Call): string {
  return call === 'pages' ? `\n# The next page: the same with --data-urlencode 'cursor=…' of the answer.` : ''
}

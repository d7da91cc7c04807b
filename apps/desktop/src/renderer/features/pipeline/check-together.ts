import { useEffect, useRef } from 'react'
import { diagnosed, monaco, setSurroundings } from '@/ui/code/monaco.ts'

/** After the last key: the editor's own marks come after half a second, and all of them blink once when looked at anew. */
const PAUSE_MS = 1_500

interface Checked {
  serviceTypes: string | undefined
  files: readonly { path: string; code: string }[]
  active: string | undefined
  epoch: number
}

/**
 * Looks at all files anew when one that others may import has changed: at once when files come and go and when one
 * goes on to another file, else when the typing rests.
 */
export function useCheckedTogether({ serviceTypes, files, active, epoch }: Checked): void {
  const checked = useRef('')
  const check = () => {
    if (serviceTypes === undefined) return
    const models = monaco.editor.getModels().filter(({ uri }) => uri.scheme === 'file')
    const versions = models.map((model) => `${model.uri.path} ${model.getVersionId()}`)
    const state = [serviceTypes, ...versions].join('\n')
    if (state === checked.current) return
    checked.current = state
    setSurroundings(serviceTypes, models)
  }
  const latest = useRef(check)
  latest.current = check
  const paths = files.map(({ path }) => path).join('\n')
  useEffect(() => latest.current(), [serviceTypes, active, paths, epoch])
  const isAlone = files.length < 2
  useEffect(() => {
    if (isAlone) return
    const timer = setTimeout(() => latest.current(), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [files, isAlone])
}

/** A worker that is replaced while it is asked, because the surroundings have changed, never answers: the next one is asked. */
const ASK_AGAIN_MS = 2_000

/** Calls `told` when the language service has looked at the active file. One without problems changes no marks: it has to be asked. */
export function useLookedAt(
  { serviceTypes, active, epoch }: Omit<Checked, 'files'>,
  uriOf: (path: string) => monaco.Uri,
  told: () => void,
): void {
  const latest = useRef(told)
  latest.current = told
  useEffect(() => {
    const model = active === undefined ? null : monaco.editor.getModel(uriOf(active))
    if (!model || serviceTypes === undefined) return
    let again: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const end = () => {
      isOver = true
      clearTimeout(again)
    }
    const answered = () => {
      if (isOver) return
      end()
      latest.current()
    }
    const ask = () => {
      // One that fails is asked again, too.
      diagnosed(model).then(answered, () => {})
      again = setTimeout(ask, ASK_AGAIN_MS)
    }
    ask()
    return end
  }, [serviceTypes, active, epoch, uriOf])
}
